import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessFaults } from './harness/axe.ts'
import { photographFailures, startBrowser } from './harness/browser.ts'
import { linkIn } from './harness/demo.ts'
import { joinAs } from './harness/pupil.ts'
import { startServer, type LecternServer } from './harness/server.ts'
import { createStaff } from './harness/staff.ts'

const NAMES = ['Aiko Mori', 'Ben Ode', '千尋 佐藤', 'Dana Roy', 'Emil Ström'] as const
const SIZES = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const

let server: LecternServer
let browser: Browser
let page: Page
let classId: string
/** What the browser complained of: scripts that failed, policies that were broken, other hosts that were asked. */
const complaints: string[] = []

photographFailures(() => browser)

beforeAll(async () => {
  server = await startServer()
  const { id, code } = await createStaff(server.url).makeClass('Python', 3)
  classId = id
  for (const [number, name] of NAMES.entries()) {
    const pupil = await joinAs(server.url, code, { name, team: `Row ${number % 2}` })
    await pupil.run({ cell: 0 }, { cell: 1 })
    if (number < 3) await pupil.run(...Array.from({ length: 3 }, () => ({ cell: 2, error: 'NameError' })))
    if (number < 2) await pupil.ask('Why is this not defined?')
  }
  browser = await startBrowser()
  page = await (await browser.newContext({ locale: 'en-GB', viewport: SIZES.wide })).newPage()
  await page.goto(linkIn(server.output()) ?? '')
  await page.waitForURL((url) => !url.hash.includes('link='))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' || /content security policy/i.test(message.text())) complaints.push(message.text())
  })
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (origin !== server.url && protocol !== 'blob:' && protocol !== 'data:') complaints.push(`asked ${request.url()}`)
  })
  await page.goto(`${server.url}/#/class/${classId}`)
  await page.getByText('Need help').first().waitFor()
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

/** Addresses of every view that the rail offers, as it offers them. */
const offered = () =>
  page.locator('.navigation a[data-view]').evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''))

async function show(href: string): Promise<void> {
  await page.goto(`${server.url}/${href}`)
  await page.locator('#main').waitFor()
  await page.locator('#main .first-loading').waitFor({ state: 'detached' })
  // Lists that are asked for come a moment later.
  await page.waitForTimeout(600)
}

const prefer = async (preferences: object) => {
  await page.evaluate((chosen) => localStorage.setItem('lectern.preferences', JSON.stringify(chosen)), preferences)
  await page.reload()
  await page.locator('.navigation a[data-view]').first().waitFor()
}

describe('every view of a class', () => {
  it.each([
    ['light', { theme: 'light' }],
    ['dark', { theme: 'dark' }],
    ['high contrast', { theme: 'light', highContrast: true }],
    ['Japanese', { language: 'ja', theme: 'light' }],
  ])('gives an accessibility checker nothing to find: %s', async (_name, preferences) => {
    await prefer(preferences)
    const views = await offered()
    expect(views.length).toBeGreaterThan(8)
    const found: Record<string, string[]> = {}
    for (const href of views) {
      await show(href)
      const faults = await accessFaults(page)
      if (faults.length > 0) found[href] = faults
    }
    expect(found).toEqual({})
  })

  it('fits a phone: nothing is wider than the screen', async () => {
    await prefer({ theme: 'light' })
    const views = await offered()
    await page.setViewportSize(SIZES.phone)
    const wider: string[] = []
    for (const href of views) {
      await show(href)
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      if (width > SIZES.phone.width) wider.push(`${href}: ${width}`)
    }
    await page.setViewportSize(SIZES.wide)
    expect(wider).toEqual([])
  })

  it('names nobody while it is presented', async () => {
    await prefer({ isPresenting: true })
    const named: string[] = []
    for (const href of await offered()) {
      await show(href)
      const text = await page.locator('body').innerText()
      if (NAMES.some((name) => text.includes(name))) named.push(href)
    }
    expect(named).toEqual([])
    await page.getByRole('button', { name: 'Show names again' }).click()
    await show(`#/class/${classId}/list`)
    await page.getByText(NAMES[0]).first().waitFor()
  })

  it('opens a student beside it by the keyboard, and is as it was when they are closed', async () => {
    await show(`#/class/${classId}/list?kind=help`)
    await page.locator('.list-link').first().focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    expect(await page.evaluate(() => location.hash)).toContain('kind=help&student=')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await page.evaluate(() => location.hash)).toBe(`#/class/${classId}/list?kind=help`)
    await page.keyboard.press('w')
    await page.goBack()
    expect(await page.evaluate(() => location.hash)).toBe(`#/class/${classId}/list?kind=help`)
  })

  it('loads nothing of other hosts, and breaks no rule of its policy: no eval, no markup from text', async () => {
    expect(complaints).toEqual([])
    // The policy is in force: markup from text is refused.
    const refused = await page.evaluate(() => {
      try {
        document.createElement('div').innerHTML = '<b>x</b>'
        return false
      } catch {
        return true
      }
    })
    expect(refused).toBe(true)
  })
})
