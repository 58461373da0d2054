import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { photographFailures, startBrowser } from './harness/browser.ts'
import { notebookOf, pipInstall, startJupyter, type Jupyter } from './harness/jupyter.ts'
import { openNotebook } from './harness/lab-page.ts'
import { startServer, type LecternServer } from './harness/server.ts'
import { createStaff, type Staff } from './harness/staff.ts'
import { expectExactlyOnce, runsInLog } from './harness/until.ts'

const COUNTS_LEVEL = 1

let server: LecternServer
let staff: Staff
let jupyter: Jupyter
let browser: Browser
let classId: string

photographFailures(() => browser)

beforeAll(async () => {
  server = await startServer()
  staff = createStaff(server.url)
  const { id, code } = await staff.makeClass('Notebook 7', COUNTS_LEVEL)
  classId = id
  await pipInstall(`${server.url}/extension/${await staff.wheel()}`)
  jupyter = await startJupyter({
    app: 'notebook',
    notebooks: { 'lists.ipynb': notebookOf({ good: '[1, 2][0]', bad: '[1, 2][9]' }) },
    settings: { '@lectern/jupyterlab:plugin': { server: server.url, code, name: 'Ren' } },
  })
  browser = await startBrowser()
})

afterAll(async () => {
  await browser?.close()
  await jupyter?.stop()
  await server?.stop()
})

describe('Notebook 7', () => {
  it('LVL-1 reports runs, and no more of them than the class collects', async () => {
    const student = await openNotebook(await (await browser.newContext()).newPage(), jupyter, 'lists.ipynb')
    await student.runCell(0)
    await student.runCell(1)
    const [good, bad] = await runsInLog(staff, classId, 2)
    expect(good?.data).toMatchObject({ status: 'ok', executionCount: 1 })
    expect(bad?.data).toMatchObject({ status: 'error', errorName: 'IndexError', executionCount: 2 })
    for (const run of [good, bad]) {
      for (const member of ['source', 'outputs', 'errorMessage', 'traceback'])
        expect(run?.data).not.toHaveProperty(member)
    }
    expectExactlyOnce(await staff.events(classId))
  })

  it('asks for help from its toolbar', async () => {
    const [page] = browser.contexts().flatMap((context) => context.pages())
    await page?.getByRole('button', { name: 'Ask for help' }).click()
    await page?.getByRole('dialog').getByRole('button', { name: 'Ask', exact: true }).click()
    await expect.poll(async () => Object.keys((await staff.state(classId)).help).length, { timeout: 20_000 }).toBe(1)
  })
})
