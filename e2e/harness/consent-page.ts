import type { Page } from 'playwright-core'
import type { CollectionLevel } from '@lectern/protocol'

const QUESTION_TIMEOUT_MS = 30_000

/** Answers what the class may collect, as soon as the question is on the page; from then on the student is in the class. */
export async function answerConsent(page: Page, choice: 'nothing' | CollectionLevel): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.locator(`input[type=radio][value="${choice}"]`).check({ timeout: QUESTION_TIMEOUT_MS })
  await dialog.getByRole('button', { name: 'Save my answer' }).click()
  await dialog.waitFor({ state: 'detached' })
}
