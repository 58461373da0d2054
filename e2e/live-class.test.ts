import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { photographFailures, startBrowser } from './harness/browser.ts'
import { linkIn } from './harness/demo.ts'
import { notebookOf, pipInstall, startJupyter, type Jupyter } from './harness/jupyter.ts'
import { answerConsent } from './harness/consent-page.ts'
import { openNotebook, type LabPage } from './harness/lab-page.ts'
import { eventually } from './harness/ports.ts'
import { createNetwork, type Network } from './harness/proxy.ts'
import { startServer, type LecternServer } from './harness/server.ts'
import { createStaff, type Staff } from './harness/staff.ts'
import { expectExactlyOnce, runsInLog } from './harness/until.ts'

const PLUGIN = '@lectern/jupyterlab:plugin'
const NOTEBOOK = 'division.ipynb'
const GOOD = 0
const BAD = 1
const NAME = 'Aoi Tanaka'
const QUESTION = 'Why can I not divide?'
const TEXTS_LEVEL = 2

let server: LecternServer
let network: Network
let staff: Staff
let jupyter: Jupyter
let browser: Browser
let student: LabPage
let dashboard: Page
let classId: string

photographFailures(() => browser)

beforeAll(async () => {
  server = await startServer()
  network = await createNetwork(server.port)
  staff = createStaff(server.url)
  const made = await staff.makeClass('Division', TEXTS_LEVEL)
  classId = made.id
  await pipInstall(`${server.url}/extension/${await staff.wheel()}`)
  jupyter = await startJupyter({
    notebooks: { [NOTEBOOK]: notebookOf({ good: 'a = 6 * 7\na', bad: 'a / 0' }) },
    settings: { [PLUGIN]: { server: `http://127.0.0.1:${network.port}`, code: made.code, name: NAME } },
  })
  browser = await startBrowser()
  dashboard = await (await browser.newContext()).newPage()
  await dashboard.goto(linkIn(server.output()) ?? '')
  await dashboard.waitForURL((url) => !url.hash.includes('link='))
  await dashboard.goto(`${server.url}/#/class/${classId}`)
})

afterAll(async () => {
  await browser?.close()
  await jupyter?.stop()
  await network?.close()
  await server?.stop()
})

const shown = (text: string | RegExp) => dashboard.getByText(text).first().waitFor({ timeout: 20_000 })

describe('a live class', () => {
  it('shows a student who has opened a notebook and run a good cell', async () => {
    student = await openNotebook(await (await browser.newContext()).newPage(), jupyter, NOTEBOOK)
    await answerConsent(student.page, TEXTS_LEVEL)
    await student.runCell(GOOD)
    const [run] = await runsInLog(staff, classId, 1)
    expect(run).toMatchObject({ cell: { id: 'good' }, data: { status: 'ok', executionCount: 1 } })
    const celebrated = dashboard.getByRole('button', { name: 'Go to the class' })
    await celebrated.click()
    await shown(NAME)
  })

  it('shows the error and its cell after three failing runs', async () => {
    for (const _ of [1, 2, 3]) await student.runCell(BAD)
    const runs = await runsInLog(staff, classId, 4)
    expect(runs.slice(1).map(({ cell, data }) => [cell?.id, data['status'], data['errorName']])).toEqual(
      [1, 2, 3].map(() => ['bad', 'error', 'ZeroDivisionError']),
    )
    await shown(/same ZeroDivisionError 3 times in cell 2/)
  })

  it('shows the request for help with its sentence', async () => {
    const { page } = student
    // A notice offers help as well: the third same error has just come.
    await page.locator('.jp-NotebookPanel-toolbar').getByRole('button', { name: 'Ask for help' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.locator('input, textarea').first().fill(QUESTION)
    await dialog.getByRole('button', { name: 'Ask', exact: true }).click()
    await shown(QUESTION)
    await page.getByRole('button', { name: 'You are next' }).waitFor({ timeout: 20_000 })
  })

  it('LOG-2 keeps every event exactly once when the server is killed between two runs', async () => {
    await student.runCell(GOOD)
    await server.crash()
    await student.runCell(BAD)
    await student.runCell(GOOD)
    await server.restart()
    const runs = await runsInLog(staff, classId, 7)
    expect(runs.map(({ data }) => data['executionCount'])).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  it('keeps every event exactly once when the network is cut and restored', async () => {
    network.cut()
    await student.runCell(BAD)
    await student.page.getByText(/Lectern .*(offline|1 waiting)/).waitFor({ timeout: 60_000 })
    await student.runCell(GOOD)
    network.restore()
    const runs = await runsInLog(staff, classId, 9)
    expect(runs.map(({ data }) => data['executionCount'])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expectExactlyOnce(await staff.events(classId))
  })

  it('SUB-7 leaves the dashboard with the state of the server', async () => {
    await dashboard.getByRole('button', { name: 'Connection: Live' }).click()
    const hash = () =>
      dashboard.evaluate(() => document.querySelector('[data-state-hash]')?.getAttribute('data-state-hash'))
    await eventually('equal hashes', async () =>
      (await hash()) === (await staff.state(classId)).hash ? true : undefined,
    )
  })

  it('takes the withdrawn request off the page', async () => {
    await dashboard.keyboard.press('Escape')
    await student.page.getByRole('button', { name: 'You are next' }).click()
    await student.page.locator('#lectern-panel').getByRole('button', { name: 'Withdraw' }).click()
    await dashboard.getByText('Nobody is waiting for help.').waitFor()
    expectExactlyOnce(await staff.events(classId))
  })
})
