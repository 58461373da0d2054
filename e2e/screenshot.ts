// Takes docs/images/dashboard.png from the real demo.
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { startBrowser } from './harness/browser.ts'
import { startDemo } from './harness/demo.ts'

const FILE = join(import.meta.dirname, '..', 'docs', 'images', 'dashboard.png')
const LIVELY_AFTER_MS = 45_000
const VIEW = { width: 1440, height: 900 }

const demo = await startDemo()
const browser = await startBrowser()
try {
  const context = await browser.newContext({ viewport: VIEW, locale: 'en-GB', colorScheme: 'light' })
  const page = await context.newPage()
  await page.goto(demo.link)
  await page.waitForTimeout(LIVELY_AFTER_MS)
  mkdirSync(dirname(FILE), { recursive: true })
  await page.screenshot({ path: FILE })
  console.log(FILE)
} finally {
  await browser.close()
  await demo.stop()
}
