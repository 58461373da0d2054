import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessFaults } from './harness/axe.ts'
import { photographFailures, startBrowser } from './harness/browser.ts'
import { linkIn } from './harness/demo.ts'
import { joinAs, type Pupil, type Said } from './harness/pupil.ts'
import { ADMIN_TOKEN, startServer, type LecternServer } from './harness/server.ts'
import { createStaff } from './harness/staff.ts'

const OUTPUTS_LEVEL = 3
const TABLE = '<table><tr><td>a cell of a table</td></tr></table><script>parent.hurt = 1</script>'

let server: LecternServer
let browser: Browser
let page: Page
let classId: string
let code: string
let [bob, eve]: Pupil[] = []
const faults: string[] = []

const runOf = (cell: number, data: object): Said => ({ type: 'cell_executed', cell, data })

photographFailures(() => browser)

const status = () => page.locator('.panel-matrix [role=status]').last()
const open = (more: string) => page.goto(`${server.url}/#/class/${classId}${more}`)

async function audited(action: string): Promise<{ target?: string }[]> {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` }
  const answer = await fetch(`${server.url}/api/v2/system/audit?action=${action}&class=${classId}`, { headers })
  return ((await answer.json()) as { entries: { target?: string }[] }).entries
}

beforeAll(async () => {
  server = await startServer({ adminToken: true })
  const made = await createStaff(server.url).makeClass('Loops', OUTPUTS_LEVEL)
  ;({ id: classId, code } = made)
  bob = await joinAs(server.url, code, { name: 'Bob Baker' })
  eve = await joinAs(server.url, code, { name: 'Eve Silent' })
  const traceback = '\u001B[0;31mNameError\u001B[0m: name is not there'
  await bob.tell(
    { type: 'session_started', data: { client: 'test' } },
    runOf(0, { status: 'ok', source: 'x = 1', durationMs: 12 }),
    runOf(1, {
      status: 'error',
      source: 'for i in x:\n    print(i)',
      errorName: 'TypeError',
      errorMessage: 'no',
      traceback,
    }),
    runOf(1, {
      status: 'ok',
      source: 'for i in range(x):\n    print(i)',
      outputs: [
        { kind: 'stdout', text: '\u001B[1m0\u001B[0m' },
        { kind: 'display', mime: 'text/html', text: TABLE },
      ],
    }),
    runOf(2, { status: 'error', source: 'y', errorName: 'NameError', errorMessage: 'y', traceback }),
    { type: 'help_requested', data: { message: 'What is y?' } },
  )
  await eve.tell(runOf(0, { status: 'ok', source: 'a secret of Eve' }))
  await eve.share(false)
  browser = await startBrowser()
  page = await (await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 1000 } })).newPage()
  page.on('pageerror', (error) => faults.push(String(error)))
  const link = await createLink()
  await page.goto(link)
  await page.waitForURL((url) => !url.hash.includes('link='))
})

/** Where an administrator of the test signs in. */
async function createLink(): Promise<string> {
  const known = linkIn(server.output())
  if (known !== undefined) return known
  const answer = await fetch(`${server.url}/api/v2/people`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Ada', email: 'ada@school.example', role: 'admin' }),
  })
  return `${server.url}${((await answer.json()) as { path: string }).path}`
}

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

describe('the matrix', () => {
  it('shows each student in each cell, is walked by keys, and says of who does not share only that', async () => {
    await open('/progress')
    const grid = page.getByRole('grid', { name: 'Student by student' })
    await grid.waitFor()
    await page.getByText('Cell 3 is where they stop: 1 student came no further').waitFor()
    expect(await grid.locator('.matrix-cell.is-recovered').count()).toBe(1)
    expect(await grid.getByText('not sharing').count()).toBe(1)
    await page.getByText('Name', { exact: true }).click()
    await grid.focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowRight')
    expect(await status().innerText()).toBe('Bob Baker, cell 2: done after failing, 2 tries, at once')
    await page.keyboard.press('End')
    expect(await status().innerText()).toMatch(/^Bob Baker, cell 3: failing, 1 try/)
    await page.getByText('The cells as a table').click()
    await page.getByRole('row', { name: /^Cell 3/ }).waitFor()
    expect(await accessFaults(page)).toEqual([])
  })

  it('follows the class as it goes on', async () => {
    await bob?.tell(runOf(2, { status: 'ok', source: 'y = 2' }))
    await page.getByText('Nobody stands still at a cell.').waitFor()
    await expect.poll(() => page.locator('.matrix-scroll .matrix-cell.is-recovered').count()).toBe(2)
  })

  it('leads from a cell to the runs of it', async () => {
    await page.getByRole('grid').focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Cell 2 of week 1' }).waitFor()
    expect(page.url()).toContain(`/student/${bob?.id}?notebook=week-1&cell=cell-1`)
    expect(await page.locator('.event-line').count()).toBe(2)
  })
})

describe('the page of a student', () => {
  it('shows each run as it was, and what changed since the one before', async () => {
    await page.getByText('Run 2 of 2').waitFor()
    expect(await page.locator('pre.code').innerText()).toBe('for i in range(x):\n    print(i)')
    await page.getByLabel('Compare with').selectOption({ label: 'the run before' })
    expect(await page.locator('.diff-line.is-removed').innerText()).toContain('for i in x:')
    expect(await page.locator('.diff-line.is-added').innerText()).toContain('for i in range(x):')
    await page.getByRole('button', { name: /Ran cell 2: TypeError/ }).click()
    await page.getByText('Run 1 of 2').waitFor()
    await page.getByText('Traceback').click()
    expect(await page.getByLabel('Traceback').innerText()).toBe('NameError: name is not there')
  })

  it('shows outputs as text, and as they looked in a frame in which nothing runs', async () => {
    await page.getByRole('button', { name: /Ran cell 2: Done/ }).click()
    expect(await page.locator('.output.is-stdout pre').innerText()).toBe('0')
    await page.getByRole('button', { name: 'Show as it looked' }).click()
    await page.frameLocator('.output-frame').getByText('a cell of a table').waitFor()
    expect(await page.evaluate(() => (window as unknown as { hurt?: number }).hurt)).toBeUndefined()
    expect(await accessFaults(page)).toEqual([])
  })

  it('compares with the hand-out once somebody has given it', async () => {
    await page.getByLabel('Compare with').selectOption({ label: 'the hand-out' })
    await page.getByText('Nobody has given the hand-out').waitFor()
    const cells = [0, 1].map((n) => ({
      id: `cell-${n}`,
      cell_type: 'code',
      source: ['for i in ...:\n', '    print(i)'],
    }))
    const file = { name: 'week-1.ipynb', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify({ cells })) }
    await page.getByLabel('Give the hand-out').setInputFiles(file)
    await page.locator('.diff-line.is-removed').waitFor()
    expect(await page.locator('.diff-line.is-removed').innerText()).toContain('for i in ...:')
    await page.getByRole('button', { name: 'Remove the hand-out' }).click()
    await page.getByText('Nobody has given the hand-out').waitFor()
    await page.getByLabel('Give the hand-out').setInputFiles(file)
    await page.locator('.diff-line.is-removed').waitFor()
  })

  it('plays what happened, with everything in words', async () => {
    await page.getByLabel('Show', { exact: true }).selectOption({ label: 'Everything' })
    await page.getByText('What is y?').waitFor()
    await page.getByRole('img', { name: /5 runs, 2 failed, 1 request for help/ }).waitFor()
    const slider = page.getByRole('slider', { name: 'Time' })
    await slider.focus()
    await page.keyboard.press('End')
    const last = page.getByRole('heading', { name: 'Cell 3 of week 1' })
    await last.waitFor()
    await page.keyboard.press('Home')
    // All but the last happened in one moment, or in a few.
    await page.getByText('No run up to this time.').or(page.getByText('Run 1 of')).first().waitFor()
    await page.getByRole('button', { name: 'Play', exact: true }).click()
    await last.waitFor()
    await page.getByText('Run 2 of 2').waitFor()
    await page.getByRole('button', { name: 'To the event before' }).click()
    await page.getByText('Run 1 of 2').waitFor()
  })

  it('keeps notes, which it says that the student reads', async () => {
    await page.getByText('The student gets them with the own data.').waitFor()
    await page.getByLabel('New note').fill('Explain ranges once more.')
    await page.getByRole('button', { name: 'Add the note' }).click()
    await page.locator('.note-text', { hasText: 'Explain ranges' }).waitFor()
    await page.getByRole('button', { name: 'Remove the note' }).click()
    await page.getByText('No notes yet.').waitFor()
    expect(await page.getByLabel('New note').inputValue()).toBe('Explain ranges once more.')
  })

  it('AUD-1 CON-5 leaves an entry of each look, and shows nothing of who does not share', async () => {
    const looks = await audited('code_viewed')
    expect(new Set(looks.map(({ target }) => target))).toEqual(new Set([bob?.id]))
    await open(`/student/${eve?.id}`)
    await page.getByText('This student does not share').waitFor()
    expect(await page.locator('main').innerText()).not.toContain('secret')
    expect(await audited('code_viewed')).toHaveLength(looks.length)
    await open('/student/s_nobody')
    await page.getByText('There is nothing of this student in the class.').waitFor()
  })

  it.each([
    ['light', 390],
    ['dark', 1280],
  ] as const)('can be used by everybody, %s at %i pixels', async (colorScheme, width) => {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 900 })
    for (const view of [`/student/${bob?.id}`, '/progress']) {
      await open(view)
      await page.locator('.run, .matrix-scroll').first().waitFor()
      expect(await accessFaults(page), view).toEqual([])
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect(wide, view).toBeLessThanOrEqual(0)
    }
    expect(faults).toEqual([])
  })
})
