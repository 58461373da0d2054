import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessFaults } from './harness/axe.ts'
import { photographFailures, startBrowser } from './harness/browser.ts'
import { linkIn } from './harness/demo.ts'
import { joinAs, type Pupil, type Said } from './harness/pupil.ts'
import { ADMIN_TOKEN, startServer, type LecternServer } from './harness/server.ts'
import { createStaff } from './harness/staff.ts'

const STEP_MS = 2_500

let server: LecternServer
let browser: Browser
let page: Page
let classId: string
let pupils: Pupil[] = []
const faults: string[] = []

const runOf = (cell: number, data: object): Said => ({ type: 'cell_executed', cell, data })

photographFailures(() => browser)

const wait = (ms: number) => new Promise((settle) => setTimeout(settle, ms))
const bar = () => page.getByRole('region', { name: 'Replay' })
const open = (view: string) => page.goto(`${server.url}/#/class/${classId}${view}`)
const press = (name: string) => bar().getByRole('button', { name, exact: true }).click()
const places = () => page.locator('.matrix-scroll .matrix-line').count()

beforeAll(async () => {
  server = await startServer({ adminToken: true })
  const { id, code } = await createStaff(server.url).makeClass('Loops', 2)
  classId = id
  pupils = [
    await joinAs(server.url, code, { name: 'Ann' }),
    await joinAs(server.url, code, { name: 'Ben' }),
    await joinAs(server.url, code, { name: 'Cai' }),
  ]
  const [ann, ben, cai] = pupils
  await ann?.tell(runOf(0, { status: 'ok' }))
  await wait(STEP_MS)
  await ben?.tell(runOf(0, { status: 'error', errorName: 'NameError', errorMessage: 'x' }))
  await wait(STEP_MS)
  await ann?.tell({ type: 'help_requested', data: { message: 'What now?' } })
  await wait(STEP_MS)
  await ben?.tell(runOf(0, { status: 'ok' }), runOf(1, { status: 'ok' }))
  await cai?.tell(runOf(0, { status: 'ok' }))
  await ann?.tell({ type: 'help_withdrawn', data: {} })
  browser = await startBrowser()
  page = await (await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 1000 } })).newPage()
  page.on('pageerror', (error) => faults.push(String(error)))
  const answer = await fetch(`${server.url}/api/v2/people`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Ada', email: 'ada@school.example', role: 'admin' }),
  })
  const { path } = (await answer.json()) as { path: string }
  await page.goto(linkIn(server.output()) ?? `${server.url}${path}`)
  await page.waitForURL((url) => !url.hash.includes('link='))
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

async function load(): Promise<void> {
  await open('/replay')
  await page.getByRole('button', { name: 'Load', exact: true }).click()
  await bar().waitFor()
  await page.getByText(/^Loaded: /).waitFor()
}

describe('a replay', () => {
  it('RPL-1 drives every view, from the beginning of the lesson to its end', async () => {
    await load()
    await open('/progress')
    // Nothing has happened yet.
    await expect.poll(places).toBe(0)
    await press('One step on')
    await expect.poll(places).toBe(1)
    await press('To the next event')
    await expect.poll(places).toBe(2)
    expect(await page.locator('.matrix-scroll .matrix-cell.is-failing').count()).toBe(1)
    await open('/errors')
    await page.getByText('1 more mistake of one student alone.').waitFor()
    await press('To the next event')
    await open('/help')
    await page.getByText('What now?').first().waitFor()
    await press('To the event before')
    await page.getByText('What now?').waitFor({ state: 'detached' })
    await open('/progress')
    await bar().getByRole('slider').focus()
    await page.keyboard.press('End')
    await expect.poll(places).toBe(3)
    expect(await page.locator('.matrix-scroll .matrix-cell.is-recovered').count()).toBe(1)
  })

  it('plays at the chosen speed, stops, and leads back to live', async () => {
    await bar().getByRole('slider').focus()
    await page.keyboard.press('Home')
    await bar().getByLabel('Speed').selectOption('5')
    await press('Play')
    await expect.poll(places, { timeout: 10_000 }).toBe(3)
    await bar().getByRole('button', { name: 'Play', exact: true }).waitFor()
    expect(await accessFaults(page)).toEqual([])
    await press('Back to live')
    await bar().waitFor({ state: 'detached' })
    await pupils[2]?.tell(runOf(1, { status: 'error', errorName: 'KeyError' }))
    await page.locator('.matrix-scroll .matrix-cell.is-failing').waitFor()
  })

  it('jumps to events, and tells what changed between two times', async () => {
    await load()
    await page.getByRole('button', { name: /Ann asked for help/ }).click()
    await page.getByText('1 student is waiting for help').waitFor()
    const part = (name: string) => page.locator('.between-part', { hasText: name })
    await part('Asked for help').getByText('Ann').waitFor()
    await part('Worked').getByText('Ben').waitFor()
    await part('Done with cells').getByText('Cell 1 of week 1: 3 students more done').waitFor()
    expect(await accessFaults(page)).toEqual([])
  })

  it.each([
    ['light', 390],
    ['dark', 1280],
  ] as const)('can be used by everybody, %s at %i pixels', async (colorScheme, width) => {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 900 })
    // Colours change within a moment.
    await wait(500)
    expect(await accessFaults(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
  })

  it('RPL-3 ends when somebody in it shares no more', async () => {
    await bar().waitFor()
    await pupils[1]?.share(false)
    await bar().waitFor({ state: 'detached' })
    await page.getByText('The replay was broken off').waitFor()
    await load()
    await bar().getByRole('slider').focus()
    await page.keyboard.press('Home')
    await press('To the next event')
    expect(await page.locator('main').innerText()).not.toContain('NameError')
    expect(faults).toEqual([])
  })
})
