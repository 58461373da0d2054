import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { photographFailures, startBrowser } from './harness/browser.ts'
import { answerConsent } from './harness/consent-page.ts'
import { freshEnvironment, type Environment } from './harness/environments.ts'
import { notebookOf, startJupyter, type Jupyter } from './harness/jupyter.ts'
import { openNotebook } from './harness/lab-page.ts'
import { JAVASCRIPT, startLite } from './harness/lite.ts'
import { startServer, type LecternServer } from './harness/server.ts'
import { createStaff, type Staff } from './harness/staff.ts'
import { runsInLog } from './harness/until.ts'

const PLUGIN = '@lectern/jupyterlab:plugin'
const LEVEL = 1
const CELLS = { good: '[1, 2][0]', bad: 'null.nothing' }
const NOTEBOOKS = { 'lists.ipynb': notebookOf(CELLS) }

let server: LecternServer
let staff: Staff
let browser: Browser
let wheel: string

photographFailures(() => browser)

beforeAll(async () => {
  server = await startServer()
  staff = createStaff(server.url)
  wheel = `${server.url}/extension/${await staff.wheel()}`
  browser = await startBrowser()
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

/** A class, and the settings that join it. */
async function newClass(name: string) {
  const { id, code } = await staff.makeClass(name, LEVEL)
  return { id, code, settings: { [PLUGIN]: { server: server.url, code, name: 'Ren' } } }
}

/** Opens the notebook, looks for what shows that the plug-in is active, runs both cells and waits for them at the server. */
async function runsArrive(jupyter: Jupyter, classId: string, shows: string): Promise<void> {
  const context = await browser.newContext()
  try {
    const student = await openNotebook(await context.newPage(), jupyter, 'lists.ipynb')
    await student.page.locator(shows).first().waitFor()
    await answerConsent(student.page, LEVEL)
    await student.runCell(0)
    await student.runCell(1)
    const runs = await runsInLog(staff, classId, 2)
    expect(runs.map(({ data }) => data['status'])).toEqual(['ok', 'error'])
  } finally {
    await context.close()
    await jupyter.stop()
  }
}

async function expectEnabled({ jupyter }: Environment): Promise<void> {
  const [labs, servers] = await Promise.all([jupyter('labextension', 'list'), jupyter('server', 'extension', 'list')])
  expect(labs).toMatch(/@lectern\/jupyterlab v[\d.]+ +enabled +OK/)
  expect(servers).toMatch(/lectern_jupyterlab +enabled/)
  expect(servers).toMatch(/lectern_jupyterlab [\d.]+ +OK/)
}

const STATUS_ITEM = '#jp-main-statusbar .lectern-status'
const HELP_BUTTON = '[data-jp-item-name="lectern-help"]'

describe.each(['oldest', 'newest'] as const)('one pip install into the %s JupyterLab', (name) => {
  let environment: Environment

  beforeAll(async () => {
    environment = await freshEnvironment(name)
  })

  it('is listed as enabled, where nothing of it was before', async () => {
    expect(environment.traces()).toEqual([])
    await environment.install(wheel)
    await expectEnabled(environment)
  })

  it('is active in JupyterLab, and runs arrive', async () => {
    const { id, settings } = await newClass(`${name} lab`)
    const { python } = environment
    await runsArrive(await startJupyter({ python, notebooks: NOTEBOOKS, settings }), id, STATUS_ITEM)
  })

  it('is active in Notebook 7, by the environment of the site alone, and runs arrive', async () => {
    const { id, code } = await newClass(`${name} notebook`)
    const site = { LECTERN_SERVER: `${server.url}/`, LECTERN_CODE: code, LECTERN_NAME: 'Ren' }
    const { python } = environment
    const options = { app: 'notebook', python, environment: site, notebooks: NOTEBOOKS, settings: {} } as const
    await runsArrive(await startJupyter(options), id, HELP_BUTTON)
  })
})

describe('JupyterLite', () => {
  it('built where the wheel is installed has the plug-in, and runs arrive', async () => {
    const environment = await freshEnvironment('lite')
    await environment.install(wheel)
    const { id, settings } = await newClass('JupyterLite')
    const notebooks = { 'lists.ipynb': notebookOf(CELLS, JAVASCRIPT) }
    await runsArrive(await startLite({ environment, notebooks, overrides: settings }), id, STATUS_ITEM)
  })
})
