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

const HOSTILE = '=1+1<img src=x onerror="window.hurt=1">'
const MINUTE_MS = 60_000

let server: LecternServer
let browser: Browser
let page: Page
let classId: string
const faults: string[] = []

photographFailures(() => browser)

/** A student who fails three times in one cell, minutes ago. */
async function struggling(code: string, name: string): Promise<void> {
  const post = async (path: string, body: object, headers = {}) =>
    fetch(`${server.url}/api/v2${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  const install = randomUUID()
  const { token } = (await (await post('/join', { code, install, name })).json()) as JoinAnswer
  const events = [12, 11, 10, 2].map((ago, index) => ({
    id: randomUUID(),
    install,
    seq: index + 1,
    type: 'cell_executed',
    at: new Date(Date.now() - ago * MINUTE_MS).toISOString(),
    notebook: { id: 'nb', path: 'nb.ipynb' },
    cell: { id: 'c1', index: 0, type: 'code' },
    data: ago === 2 ? { status: 'ok' } : { status: 'error', errorName: 'NameError', errorMessage: 'x' },
  }))
  expect((await post('/events', { events }, { authorization: `Bearer ${token}` })).status).toBe(200)
}

const open = async (route: string) => {
  await page.goto(`${server.url}/#/${route}`)
  await page.locator('main').waitFor()
}
const card = (name: string) => page.getByRole('link', { name: new RegExp(name) })
const expectWhole = async () => {
  expect(await accessFaults(page)).toEqual([])
  expect(await page.evaluate(() => (window as unknown as { hurt?: number }).hurt)).toBeUndefined()
}

beforeAll(async () => {
  server = await startServer()
  const made = await createStaff(server.url).makeClass('Python', 2)
  classId = made.id
  for (const name of ['Aiko', 'Ken', 'Mio', 'Ren', 'Yui']) await struggling(made.code, name)
  browser = await startBrowser()
  page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
  page.on('pageerror', (error) => faults.push(String(error)))
  await page.goto(linkIn(server.output()) ?? '')
  await page.waitForURL((url) => !url.hash.includes('link='))
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

describe('the list of classes', () => {
  it('shows a class in session with how it is doing', async () => {
    await open(`class/${classId}/lessons`)
    await page.locator('.top-bar').getByRole('button', { name: 'Begin lesson' }).click()
    await page.getByRole('button', { name: 'End the lesson in progress' }).waitFor()
    await open('classes')
    await page.getByRole('heading', { name: 'In session now' }).waitFor()
    await page.getByRole('img', { name: /^Python: / }).waitFor()
    await page.getByRole('img', { name: 'Runs in the last hour' }).waitFor()
    await expectWhole()
  })
})

describe('the settings of a class', () => {
  it('LVL-1 show what will be seen at each level, before it is chosen', async () => {
    await open(`class/${classId}`)
    await page.getByRole('link', { name: 'Settings' }).click()
    const preview = page.getByRole('region', { name: 'What you will see at this level' })
    await preview.getByText("name 'totl' is not defined").waitFor()
    await page.getByRole('radio', { name: /^Counts/ }).check({ force: true })
    await preview.getByText("name 'totl' is not defined").waitFor({ state: 'detached' })
    expect(await preview.getByText('Not collected').count()).toBe(4)
    await page.getByRole('radio', { name: /^Outputs/ }).check({ force: true })
    expect(await preview.getByText('Not collected').count()).toBe(0)
    await page.getByRole('radio', { name: /^Text/ }).check({ force: true })
    await expectWhole()
  })

  it('STA-11 try thresholds on the last lesson, put them in force, and follow the server again', async () => {
    const rules = page.getByRole('region', { name: 'When somebody counts as stuck' })
    const stuck = rules.getByRole('row', { name: /^Stuck/ })
    await stuck.getByText(/^5 students, /).waitFor({ timeout: 30_000 })
    await rules.getByLabel('Errors in a row in one cell').fill('1')
    await rules.getByText('From 2 to 20.').waitFor()
    await rules.getByLabel('Errors in a row in one cell').fill('9')
    await rules.getByLabel('Minutes on a cell without success').fill('20')
    await rules.getByLabel('Minutes of silence after an error').fill('20')
    await stuck.getByText('nobody, under 1 min in all').waitFor({ timeout: 30_000 })
    await rules.getByRole('button', { name: 'Use these for this class' }).click()
    await rules.getByText('This class has thresholds of its own.').waitFor()
    await expectWhole()
    await rules.getByRole('button', { name: 'Follow the server again' }).click()
    await rules.getByText(/^This class follows the server/).waitFor()
    expect(await rules.getByLabel('Errors in a row in one cell').inputValue()).toBe('3')
  })
})

describe('the roster', () => {
  it('JOI-13 is read from a file, which shows line by line what will be done before anything is', async () => {
    await open(`class/${classId}/people`)
    const students = page.getByRole('region', { name: 'Students' })
    const rows = [
      'No.,name,e-mail,group',
      `1,"${HOSTILE.replaceAll('"', '""')}",zoe@x.org,Row 1`,
      '2,,x@x.org,',
      '3,Bo,nonsense,',
      '4,Ken,,',
    ]
    const choosing = page.waitForEvent('filechooser')
    await students.getByRole('button', { name: 'Choose a file' }).click()
    const file = { name: 'roster.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\r\n')) }
    await (await choosing).setFiles(file)
    await students.getByText('2 lines have problems and are left out.').waitFor()
    await students.getByText('Passed over: No.').waitFor()
    const line = (n: number) => students.getByRole('row', { name: new RegExp(`^${n} `) })
    await line(3).getByText('No name').waitFor()
    await line(4).getByText('No address: nonsense').waitFor()
    await line(5)
      .getByText(/somebody on the roster has this name/)
      .waitFor()
    await expectWhole()
    await students.getByRole('button', { name: 'Add 2', exact: true }).click()
    await students.getByText('2 students were added, 0 were changed.').waitFor()
    await students.getByRole('rowheader', { name: HOSTILE }).waitFor()
    await students.getByLabel('or paste its lines').fill('Zoe,zoe@x.org,Row 2')
    await students.getByRole('button', { name: 'Nothing to add, change 1' }).click()
    await students.getByRole('rowheader', { name: 'Zoe' }).waitFor()
  })

  it('JOI-13 is changed entry by entry, and no two students get one address', async () => {
    const students = page.getByRole('region', { name: 'Students' })
    await students.getByRole('button', { name: 'Edit Aiko' }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByLabel('E-mail address').fill('zoe@x.org')
    await sheet.getByRole('button', { name: 'Save' }).click()
    await sheet.getByText('Another student of this class has this address.').waitFor()
    await sheet.getByLabel('E-mail address').fill('')
    await sheet.getByLabel('Name').fill(HOSTILE)
    await sheet.getByRole('button', { name: 'Save' }).click()
    await students.getByRole('rowheader', { name: HOSTILE }).waitFor()
  })

  it('is taken out safe for a spreadsheet, and read again as it was', async () => {
    const students = page.getByRole('region', { name: 'Students' })
    await students.getByRole('button', { name: 'Take out' }).click()
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page
        .getByRole('dialog')
        .getByRole('button', { name: /^Table/ })
        .click(),
    ])
    const text = readFileSync(await saved.path(), 'utf8')
    expect(text).toContain(`"'=1+1<img`)
    expect(text).not.toMatch(/(^|[",])=/m)
    await students.getByLabel('or paste its lines').fill(text)
    await students.getByText('Stays as it is').waitFor()
    await students.getByLabel('or paste its lines').fill('')
  })
})

describe('the life of a class', () => {
  it('CLA-1 CLA-2 is copied, archived, and brought back', async () => {
    await open(`class/${classId}/settings`)
    const life = page.getByRole('region', { name: 'Copy, archive, delete' })
    await life.getByLabel('Name of the copy').fill('Python again')
    await life.getByLabel('With the roster').check()
    await life.getByRole('button', { name: 'Make the copy' }).click()
    await page.getByRole('heading', { name: 'Python again' }).waitFor()
    await page.getByRole('link', { name: 'People' }).click()
    await page.getByRole('rowheader', { name: 'Zoe' }).waitFor()
    await page.getByRole('link', { name: 'Settings' }).click()
    await life.getByRole('button', { name: 'Archive' }).click()
    await page.getByText('This class is archived').waitFor()
    await page.getByRole('link', { name: 'People' }).click()
    await page.getByRole('rowheader', { name: 'Zoe' }).waitFor()
    expect(await page.getByRole('button', { name: 'Edit Zoe' }).count()).toBe(0)
    await open('classes')
    await card('Python again').waitFor({ state: 'hidden' })
    await page.getByText('1 archived class').click()
    await card('Python again').waitFor()
    await expectWhole()
    await page.getByRole('button', { name: 'Bring back Python again' }).click()
    await page.getByRole('heading', { name: 'Ended' }).waitFor()
  })

  it('CLA-3 is deleted only after it was asked for, and comes back until its day', async () => {
    await card('Python again').click()
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByRole('button', { name: 'Yes, delete it' }).click()
    await page.getByText(/^This class is deleted for good/).waitFor()
    await page.getByRole('button', { name: 'Bring back' }).click()
    await page.getByText(/^This class is deleted for good/).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Open the class again' }).click()
    await page.getByRole('button', { name: 'End the class' }).waitFor()
  })

  it('has met no fault of the page', () => {
    expect(faults).toEqual([])
  })
})
