import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { photographFailures, startBrowser } from './harness/browser.ts'
import { startServer, type LecternServer } from './harness/server.ts'

let server: LecternServer
let browser: Browser

photographFailures(() => browser)

beforeAll(async () => {
  server = await startServer()
  browser = await startBrowser()
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

/** The page, with what it asks for and what it complains of. */
async function openDocs(options: { javaScriptEnabled?: boolean; colorScheme?: 'light' | 'dark' } = {}) {
  const page = await (await browser.newContext(options)).newPage()
  const asked: string[] = []
  const faults: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
  await page.goto(`${server.url}/api/v2/docs`)
  return { page, asked, faults }
}

const ground = (page: Page) => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)

describe('the page of the API', () => {
  it('DOC-1 loads nothing from elsewhere and breaks no rule of its policy', async () => {
    const { page, asked, faults } = await openDocs()
    await page.getByRole('searchbox').waitFor()
    const elsewhere = asked.filter((url) => !url.startsWith(server.url) && !url.startsWith('data:'))
    expect([elsewhere, faults]).toEqual([[], []])
  })

  it('DOC-1 is searched and opened by keys alone', async () => {
    const { page } = await openDocs()
    await page.getByRole('searchbox').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('withdraw codes/{code}')
    await page.getByRole('status').getByText('1 operation', { exact: true }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    const operation = page.locator('#deleteClassesClassCodesCode')
    expect(await operation.getAttribute('open')).not.toBeNull()
    expect(await page.locator('#postJoin').isVisible()).toBe(false)
    await page.keyboard.press('/')
    await page.keyboard.press('Escape')
    await page.locator('#postJoin').waitFor()
  })

  it('DOC-1 opens what an address names, also one that the search has hidden', async () => {
    const { page } = await openDocs()
    await page.getByRole('searchbox').fill('withdraw code')
    await page.evaluate(() => void (location.hash = '#schema-JoinRequest'))
    await page.locator('#schema-JoinRequest[open]').waitFor()
    expect(await page.getByRole('searchbox').inputValue()).toBe('')
  })

  it('DOC-1 can be read without a script, in the dark, and on a telephone', async () => {
    const { page } = await openDocs({ javaScriptEnabled: false })
    expect(await page.getByRole('searchbox').count()).toBe(0)
    await page.locator('#postJoin summary').click()
    await page.locator('#postJoin').getByText('JoinRequest').waitFor()
    const light = await openDocs({ colorScheme: 'light' })
    const dark = await openDocs({ colorScheme: 'dark' })
    expect(await ground(dark.page)).not.toBe(await ground(light.page))
    await light.page.setViewportSize({ width: 360, height: 700 })
    expect(await light.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  })
})
