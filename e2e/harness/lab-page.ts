import type { Page } from 'playwright-core'
import type { Jupyter } from './jupyter.ts'
import { eventually } from './ports.ts'

const KERNEL_TIMEOUT_MS = 60_000
const SETTLE_MS = 1_000
const KEYS_TIMEOUT_MS = 3_000
const KEYS_TRIES = 5

/** What a student does in a notebook that is open in JupyterLab or Notebook 7. */
export interface LabPage {
  readonly page: Page
  /** Runs the code cell at `index` and waits until the kernel has answered. */
  runCell(index: number): Promise<void>
}

/** Waits until the notebook is on the page and its kernel idle. */
export async function openNotebook(
  page: Page,
  jupyter: Pick<Jupyter, 'address' | 'kernelIsIdle'>,
  notebook: string,
): Promise<LabPage> {
  await page.goto(jupyter.address(notebook))
  await page.locator('.jp-Notebook .jp-CodeCell').first().waitFor({ timeout: KERNEL_TIMEOUT_MS })
  await page
    .locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
    .first()
    .waitFor({ state: 'attached', timeout: KERNEL_TIMEOUT_MS })
  // The page says idle before it has spoken to the kernel; a run that is sent then is dropped when the kernel arrives.
  await jupyter.kernelIsIdle()
  await page.waitForTimeout(SETTLE_MS)
  return {
    page,
    async runCell(index) {
      const cell = page.locator('.jp-Notebook .jp-CodeCell').nth(index)
      const prompt = cell.locator('.jp-InputPrompt')
      const before = await prompt.innerText()
      const changed = () =>
        eventually('the keys to arrive', async () => ((await prompt.innerText()) !== before ? true : undefined), {
          timeoutMs: KEYS_TIMEOUT_MS,
          everyMs: 20,
        })
      // While the notebook is still being laid out a click can miss; a run that has begun shows in the prompt at once.
      for (let tries = 1; ; tries += 1) {
        await cell.locator('.jp-InputArea-editor').click()
        await page.keyboard.press('Control+Enter')
        const error = await changed().then(
          () => undefined,
          (reason: unknown) => reason,
        )
        if (error === undefined) break
        if (tries === KEYS_TRIES) throw error
      }
      const done = async () => (/\[\d+\]/.test(await prompt.innerText()) ? true : undefined)
      await eventually('the run to end', done, { timeoutMs: KERNEL_TIMEOUT_MS, everyMs: 20 })
    },
  }
}
