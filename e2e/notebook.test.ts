import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { photographFailures, startBrowser } from './harness/browser.ts'
import { notebookOf, pipInstall, startJupyter, type Jupyter } from './harness/jupyter.ts'
import { answerConsent } from './harness/consent-page.ts'
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
    await answerConsent(student.page, COUNTS_LEVEL)
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

  it('CON-4 asks again when the class collects more, and sends more only after the answer', async () => {
    const [page] = browser.contexts().flatMap((context) => context.pages())
    if (!page) throw new Error('The notebook is not open.')
    await staff.changeClass(classId, { level: 2 })
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Your class asks for more than you agreed to.').waitFor()
    await answerConsent(page, 2)
    const source = async () => {
      const runs = (await staff.events(classId)).filter(({ type }) => type === 'cell_executed')
      return runs.map(({ data }) => data['source'])
    }
    expect(await source()).toEqual([undefined, undefined])
    const cell = page.locator('.jp-Notebook .jp-CodeCell').first()
    await cell.locator('.jp-InputArea-editor').click()
    await page.keyboard.press('Control+Enter')
    await expect.poll(source, { timeout: 20_000 }).toEqual([undefined, undefined, '[1, 2][0]'])
  })
})
