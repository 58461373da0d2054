import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { JoinAnswer } from '@lectern/protocol'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessFaults } from './harness/axe.ts'
import { photographFailures, startBrowser } from './harness/browser.ts'
import { linkIn } from './harness/demo.ts'
import { startServer, type LecternServer } from './harness/server.ts'
import { createStaff } from './harness/staff.ts'

const RUN = 'window.hurt=1'
/** A formula to a spreadsheet, markup to a page. */
const FORMULA = `=cmd|'/c calc'!A1<img src=x onerror="${RUN}">`
const MINUTE_MS = 60_000

let server: LecternServer
let browser: Browser
let page: Page
let classId: string
let code: string
const faults: string[] = []

photographFailures(() => browser)

const post = async <T>(path: string, body: object, token?: string): Promise<T> => {
  const headers = {
    'content-type': 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  }
  const answer = await fetch(`${server.url}/api/v2${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}

/** Somebody who joins, and fails in a cell so many minutes ago before it goes well now. */
async function student(name: string, team: string, minutesAgo?: number): Promise<void> {
  const install = randomUUID()
  const { token } = await post<JoinAnswer>('/join', { code, install, name, team })
  if (minutesAgo === undefined) return
  const event = (seq: number, ago: number, status: 'ok' | 'error') => ({
    id: randomUUID(),
    install,
    seq,
    type: 'cell_executed',
    at: new Date(Date.now() - ago * MINUTE_MS).toISOString(),
    notebook: { id: FORMULA, path: `${FORMULA}.ipynb` },
    cell: { id: 'c1', index: 0, type: 'code' },
    data: status === 'ok' ? { status } : { status, errorName: FORMULA, errorMessage: FORMULA },
  })
  await post('/events', { events: [event(1, minutesAgo, 'error'), event(2, 0, 'ok')] }, token)
}

const open = async (more: string) => {
  await page.goto(`${server.url}/#/class/${classId}/${more}`)
  await page.locator('main').waitFor()
}

const lesson = () => page.getByRole('region', { name: 'Lessons' })
const expectUnhurt = async () =>
  expect(await page.evaluate(() => (window as unknown as { hurt?: number }).hurt)).toBeUndefined()

beforeAll(async () => {
  server = await startServer()
  const made = await createStaff(server.url).makeClass('Python', 2)
  classId = made.id
  code = made.code
  await student(FORMULA, FORMULA, 30)
  await student('Bob', 'Row 1', 20)
  await student('Eve', 'Row 1')
  browser = await startBrowser()
  page = await (await browser.newContext({ locale: 'en-GB', timezoneId: 'Asia/Tokyo' })).newPage()
  page.on('pageerror', (error) => faults.push(String(error)))
  await page.goto(linkIn(server.output()) ?? '')
  await page.waitForURL((url) => !url.hash.includes('link='))
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

describe('lessons', () => {
  it('LES-1 are begun and ended in the bar of the class, and an end can be undone', async () => {
    await open('lessons')
    await page.getByText('No lesson yet.').waitFor()
    await page.locator('.top-bar').getByRole('button', { name: 'Begin lesson' }).click()
    await page.getByRole('link', { name: /^Lesson in progress/ }).waitFor()
    await lesson().getByText('In progress').waitFor()
    await student('Zoe', 'Row 1', 0)
    await page.getByRole('button', { name: 'End the lesson in progress' }).click()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('link', { name: /^Lesson in progress/ }).waitFor()
  })

  it('are named, with whatever text', async () => {
    await lesson().getByRole('button', { name: /^Edit/ }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByLabel('What it is about').fill(FORMULA)
    await sheet.getByLabel('Notebooks').fill(`week-3.ipynb\n${FORMULA}`)
    await sheet.getByRole('button', { name: 'Save' }).click()
    await lesson().getByText(FORMULA, { exact: true }).first().waitFor()
    await lesson().getByText('Who was there', { exact: true }).click()
    // Presence counts by the minute: who worked just before the lesson may be there or not.
    await lesson()
      .getByText(/^[1-3] students? there/)
      .waitFor({ timeout: 20_000 })
    const absent = lesson().locator('.name-chips')
    await absent.getByText('Eve').waitFor()
    expect(await absent.getByText('Zoe').count()).toBe(0)
    expect(await accessFaults(page)).toEqual([])
    await expectUnhurt()
  })

  it('LES-2 have a timetable, which says when the next one is', async () => {
    const timetable = page.getByRole('region', { name: 'Timetable' })
    await timetable.getByRole('button', { name: 'Add an hour' }).click()
    await timetable.getByLabel('Ends').fill('08:00')
    await timetable.getByText('An hour must end after it begins').waitFor()
    await timetable.getByLabel('Ends').fill('10:30')
    await timetable.getByRole('combobox', { name: 'Day' }).selectOption({ label: 'Wednesday' })
    await timetable.getByRole('button', { name: 'Save the timetable' }).click()
    await timetable.getByText('Saved.').waitFor()
    await timetable.getByText(/^The next lesson begins Wednesday/).waitFor()
  })
})

describe('the report of a lesson', () => {
  const download = async (item: RegExp) => {
    await page.locator('.report-head').getByRole('button', { name: 'Take out' }).click()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('dialog').getByRole('button', { name: item }).click(),
    ])
    return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') }
  }

  it('REP-1 is made, shows who was there and who was not, and runs no text', async () => {
    await page.getByRole('button', { name: 'Report on the last lesson' }).click()
    await page.getByRole('heading', { name: 'Lesson report' }).waitFor()
    const attendance = page.getByRole('region', { name: 'Attendance' })
    await attendance.getByRole('img', { name: /^Bob: from / }).waitFor({ timeout: 20_000 })
    await attendance.getByText('Eve').waitFor()
    await page.getByRole('region', { name: 'Errors' }).getByText(FORMULA).first().waitFor()
    await page.getByRole('region', { name: 'Groups' }).getByText('Row 1').waitFor()
    expect(await page.getByRole('region', { name: 'Progress' }).getByRole('img', { name: '3 done' }).count()).toBe(1)
    expect(await accessFaults(page)).toEqual([])
    await expectUnhurt()
  })

  it('is taken out as CSV and JSON that no spreadsheet calculates', async () => {
    const csv = await download(/^Table/)
    expect(csv.name).toMatch(/^Python Lesson report .*\.csv$/)
    const [head, ...rows] = csv.text.split('\r\n')
    expect(head).toMatch(/^\uFEFF"Student",/)
    expect(rows.slice(0, -1)).toHaveLength(4)
    expect(rows.some((row) => row.startsWith(`"'=cmd|`))).toBe(true)
    expect(csv.text).not.toMatch(/(^|[",])=/m)
    const json = JSON.parse((await download(/^Data/)).text)
    expect(Object.values(json.names)).toContain(FORMULA)
  })

  it('is printed without what is only for the screen', async () => {
    await page.emulateMedia({ media: 'print' })
    for (const hidden of ['.top-bar', '.navigation', '.report-head .button']) {
      expect(await page.locator(hidden).first().isVisible(), hidden).toBe(false)
    }
    expect(await page.getByRole('heading', { name: 'Attendance' }).isVisible()).toBe(true)
    const pages = (await page.pdf({ preferCSSPageSize: true })).toString('latin1').match(/\/Type \/Page\b/g)
    expect(pages?.length).toBeGreaterThan(0)
    await page.emulateMedia({ media: 'screen' })
  })

  it('is compared with another, by the same scales', async () => {
    await page.getByRole('link', { name: 'To the lessons' }).click()
    await lesson()
      .getByRole('button', { name: /^Report of/ })
      .click()
    await page.getByRole('region', { name: 'Compare with other lessons' }).getByRole('checkbox').first().check()
    await page.getByRole('heading', { name: 'This lesson' }).waitFor({ timeout: 20_000 })
    expect(await page.locator('.report-card:has(.compare-choice) .figure-card').count()).toBe(2)
    expect(await accessFaults(page)).toEqual([])
  })

  it('is removed, and kept when that is undone', async () => {
    await page.getByRole('link', { name: 'To the lessons' }).click()
    const reports = page.getByRole('region', { name: 'Reports' })
    const lines = reports.getByRole('listitem')
    await expect.poll(() => lines.count()).toBe(2)
    await reports
      .getByRole('button', { name: /^Remove the report/ })
      .first()
      .click()
    await reports.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => lines.count()).toBe(2)
    await reports
      .getByRole('button', { name: /^Remove the report/ })
      .first()
      .click()
    await page.waitForResponse((answer) => answer.request().method() === 'DELETE' && answer.ok(), { timeout: 15_000 })
    await expect.poll(() => lines.count()).toBe(1)
  })

  it('has met no fault of the page', () => {
    expect(faults).toEqual([])
  })
})
