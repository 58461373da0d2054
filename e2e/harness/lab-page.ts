import type { Page } from 'playwright-core'

const KERNEL_TIMEOUT_MS = 60_000

/** What a student does in a notebook that is open in JupyterLab or Notebook 7. */
export interface LabPage {
  readonly page: Page
  /** Runs the code cell at `index` and waits until the kernel has answered. */
  runCell(index: number): Promise<void>
}

/** Waits until the notebook is on the page and its kernel idle. */
export async function openNotebook(page: Page, address: string): Promise<LabPage> {
  await page.goto(address)
  await page.locator('.jp-Notebook .jp-CodeCell').first().waitFor({ timeout: KERNEL_TIMEOUT_MS })
  await page
    .locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
    .first()
    .waitFor({ state: 'attached', timeout: KERNEL_TIMEOUT_MS })
  return {
    page,
    async runCell(index) {
      const cell = page.locator('.jp-Notebook .jp-CodeCell').nth(index)
      const prompt = cell.locator('.jp-InputPrompt')
      const before = await prompt.innerText()
      await cell.locator('.jp-InputArea-editor').click()
      await page.keyboard.press('Control+Enter')
      await page.waitForFunction(
        ([element, old]) => {
          const text = (element as HTMLElement).innerText
          return text !== old && /\[\d+\]/.test(text)
        },
        [await prompt.elementHandle(), before] as const,
        { timeout: KERNEL_TIMEOUT_MS },
      )
    },
  }
}
