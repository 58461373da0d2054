import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser, Locator } from 'playwright-core'
import { photographFailures, startBrowser } from './harness/browser.ts'
import { startDemo, type Demo } from './harness/demo.ts'

const ALIVE_WITHIN_MS = 30_000

let demo: Demo
let browser: Browser

photographFailures(() => browser)

beforeAll(async () => {
  demo = await startDemo()
  browser = await startBrowser()
})

afterAll(async () => {
  await browser?.close()
})

const shown = (locator: Locator) => locator.filter({ visible: true }).first().waitFor({ timeout: ALIVE_WITHIN_MS })

describe('npm start -- --demo', () => {
  it('prints one link, which opens a class of 200 students that is alive within seconds', async () => {
    const page = await (await browser.newContext()).newPage()
    await page.goto(demo.link)
    await shown(page.getByText('200', { exact: true }))
    await shown(page.getByText(/Error in cell \d+/))
    expect(demo.output().match(/[?&]link=/g)).toHaveLength(1)
  })

  it('keeps its staff token to itself, and ends cleanly', async () => {
    expect(await demo.stop()).toBe(0)
    expect(demo.output()).not.toMatch(/LECTERN_ADMIN_TOKEN|Bearer/)
  })
})
