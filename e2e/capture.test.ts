import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { photographFailures, startBrowser } from './harness/browser.ts'
import { notebookOf, pipInstall, startJupyter, type Jupyter } from './harness/jupyter.ts'
import { labApp, type LabApp } from './harness/lab-app.ts'
import { eventually } from './harness/ports.ts'
import { OTHER_EXTENSION } from './harness/other-extension.ts'
import { refusals } from './harness/outbox-page.ts'
import { startServer, type LecternServer } from './harness/server.ts'
import { createStaff, type LoggedEvent, type Staff } from './harness/staff.ts'
import { expectExactlyOnce } from './harness/until.ts'

const ALL_LEVEL = 4
const PLUGIN = '@lectern/jupyterlab:plugin'

let server: LecternServer
let staff: Staff
let jupyter: Jupyter
let browser: Browser
let context: BrowserContext
let app: LabApp
let classId: string
/** Runs of cells that the tests before this one have left in the log. */
let before = 0

photographFailures(() => browser)

const withoutIds = (cells: readonly string[]) => ({
  nbformat: 4,
  nbformat_minor: 4,
  metadata: { kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' } },
  cells: cells.map((source) => ({ cell_type: 'code', source, metadata: {}, outputs: [], execution_count: null })),
})

beforeAll(async () => {
  server = await startServer()
  staff = createStaff(server.url)
  const { id, code } = await staff.makeClass('Capture', ALL_LEVEL)
  classId = id
  await pipInstall(`${server.url}/extension/${await staff.wheel()}`)
  const handedOut = withoutIds(['import time', 'x = 1', 'print(x)'])
  jupyter = await startJupyter({
    notebooks: {
      'main.ipynb': notebookOf({ a: '', b: '', c: '' }),
      'second.ipynb': notebookOf({ d: '' }),
      'anna/copy.ipynb': handedOut,
      'ben/copy of it.ipynb': handedOut,
    },
    settings: { [PLUGIN]: { server: server.url, code, name: 'Yui' } },
    extensions: OTHER_EXTENSION,
  })
  browser = await startBrowser()
  context = await browser.newContext()
  app = await labApp(await context.newPage(), { jupyter, notebook: 'main.ipynb', consent: ALL_LEVEL })
})

afterAll(async () => {
  await browser?.close()
  await jupyter?.stop()
  await server?.stop()
})

const allRuns = async () => (await staff.events(classId)).filter(({ type }) => type === 'cell_executed')
/** The runs since the beginning of this test, as soon as there are `count`. */
const runs = (count: number): Promise<readonly LoggedEvent[]> =>
  eventually(`${count} more runs in the log`, async () => {
    const found = (await allRuns()).slice(before)
    return found.length >= count ? found : undefined
  })
const statuses = (events: readonly LoggedEvent[]) => events.map(({ cell, data }) => [cell?.id, data['status']])
const source = ({ data }: LoggedEvent) => data['source']

beforeEach(async () => {
  before = (await allRuns()).length
})

describe('capture', () => {
  it('EVT-3 times runs by the kernel, and tells stdout, stderr and errors', async () => {
    await app.setCell(0, 'import sys, time\ntime.sleep(0.5)\nprint("né"); print("w", file=sys.stderr)')
    await app.setCell(1, '1 / 0')
    await app.run(0)
    await app.run(1)
    const [slow, bad] = await runs(2)
    expect(slow?.data).toMatchObject({ status: 'ok', stdoutBytes: 4, stderrBytes: 2, outputBytes: 6 })
    expect(Number(slow?.data['durationMs'])).toBeGreaterThan(490)
    expect(Number(slow?.data['durationMs'])).toBeLessThan(3_000)
    expect(bad?.data).toMatchObject({
      status: 'error',
      errorName: 'ZeroDivisionError',
      errorMessage: 'division by zero',
    })
    expect(bad?.data['traceback']).not.toContain('\u001b')
    const [ended, began] = [slow?.data['endedAt'], bad?.data['startedAt']].map((text) => Date.parse(String(text)))
    // The two clocks are brought together anew with every message, by fractions of a millisecond.
    expect(Number(began) - Number(ended)).toBeGreaterThanOrEqual(-2)
  })

  it('EVT-11 tells what was run, not what stands there now, and what an error aborts, under "Run all"', async () => {
    await app.setCell(0, 'time.sleep(1)')
    await app.setCell(1, 'raise KeyError("k")')
    await app.setCell(2, '"never"')
    await app.runAll()
    await app.setCell(1, 'changed = True')
    // Another tab comes to the front meanwhile.
    await app.open('second.ipynb')
    const found = await runs(3)
    expect(statuses(found)).toEqual([
      ['a', 'ok'],
      ['b', 'error'],
      ['c', 'aborted'],
    ])
    expect(found.map(source)).toEqual(['time.sleep(1)', 'raise KeyError("k")', '"never"'])
    expect(found[2]?.data).not.toHaveProperty('startedAt')
  })

  it('EVT-3 follows two notebooks and a console at once', async () => {
    await app.open('main.ipynb')
    await app.setCell(0, 'time.sleep(1.2)')
    await app.run(0)
    await app.open('second.ipynb')
    await app.setCell(0, 'in_second = 1')
    await app.run(0)
    expect(statuses(await runs(2))).toEqual([
      ['d', 'ok'],
      ['a', 'ok'],
    ])
  })

  it('EVT-8 tells runs in a console as runs of one cell', async () => {
    await app.command('console:create', { kernelPreference: { name: 'python3' }, activate: true })
    const { page } = app
    const prompt = page.locator('.jp-CodeConsole-promptCell .cm-content')
    await prompt.waitFor()
    await page.waitForTimeout(3_000)
    await prompt.click()
    await page.keyboard.type('2 / 0')
    await page.keyboard.press('Shift+Enter')
    const [run] = await runs(1)
    expect(run).toMatchObject({ notebook: { id: 'console' }, cell: { id: 'console', index: 0 } })
    expect(run?.data).toMatchObject({ status: 'error', errorName: 'ZeroDivisionError', source: '2 / 0' })
  })

  it('EVT-11 tells interrupted, restarted and dead kernels', async () => {
    await app.open('main.ipynb')
    await app.setCell(0, 'import time; time.sleep(60)')
    await app.setCell(1, 'print("behind")')
    await app.run(0)
    await app.page.waitForTimeout(500)
    await app.kernel('interrupt')
    await runs(1)
    await app.run(0)
    await app.run(1)
    await app.page.waitForTimeout(500)
    await app.kernel('restart')
    await app.kernelIsIdle()
    await app.setCell(2, 'import os; os._exit(1)')
    await app.run(2)
    // JupyterLab tells the student that the kernel has died.
    await app.page.locator('.jp-Dialog .jp-mod-accept').click({ timeout: 20_000 })
    const [interrupted, restarted, behind, died] = await runs(4)
    expect(interrupted?.data).toMatchObject({ status: 'error', errorName: 'KeyboardInterrupt' })
    // Before a kernel is stopped it is interrupted; it may live to say so, or not.
    expect([undefined, 'KeyboardInterrupt']).toContain(restarted?.data['errorName'])
    expect(restarted?.data['status']).not.toBe('ok')
    // So is what waits behind it, unless there is time left to run it.
    expect(behind).toMatchObject({ cell: { id: 'b' } })
    expect(['ok', 'aborted']).toContain(behind?.data['status'])
    expect(died).toMatchObject({ cell: { id: 'c' }, data: { status: 'aborted' } })
    await app.kernelIsIdle()
    await app.page.waitForTimeout(1_000)
  })

  it('EVT-11 tells the end of runs whose notebook was closed', async () => {
    await app.setCell(0, 'import time; time.sleep(1.5); print("closed")')
    await app.setCell(1, 'raise RuntimeError("after")')
    await app.run(0)
    await app.run(1)
    await app.page.waitForTimeout(300)
    await app.close()
    const found = await runs(2)
    expect(statuses(found)).toEqual([
      ['a', 'ok'],
      ['b', 'error'],
    ])
    expect(found[0]?.data).toMatchObject({ stdoutBytes: 7, outputs: [{ kind: 'stdout', text: 'closed\n' }] })
    expect(found[1]?.data['errorName']).toBe('RuntimeError')
  })

  it('EVT-11 tells the end of runs whose page was reloaded, and of those whose page crashed', async () => {
    for (const end of ['reload', 'crash'] as const) {
      before = (await allRuns()).length
      await app.open('second.ipynb')
      await app.setCell(0, `import time; time.sleep(2.5); print("${end}")`)
      await app.run(0)
      await app.page.waitForTimeout(500)
      const { page } = app
      if (end === 'crash') await app.crash()
      app = await labApp(end === 'crash' ? await context.newPage() : page, { jupyter, notebook: 'second.ipynb' })
      const [run] = await runs(1)
      expect(source(run!)).toContain(end)
      expect(run?.cell?.id).toBe('d')
      // What the kernel said while nobody listened may be gone; it is never told as something else.
      expect(['ok', undefined]).toContain(run?.data['status'])
    }
  })

  it('EVT-7 lines up copies that hold no cell ids, writes nothing before the student does, and keeps what it wrote', async () => {
    const refs: object[] = []
    for (const path of ['anna/copy.ipynb', 'ben/copy of it.ipynb']) {
      before = (await allRuns()).length
      await app.open(path)
      expect(await app.cellMetadata()).not.toContainEqual(expect.objectContaining({ lectern: expect.anything() }))
      await app.run(1)
      await app.setCell(2, 'print(x + 1)')
      await app.run(2)
      const found = await runs(2)
      refs.push(found.map(({ notebook, cell }) => [notebook?.id, cell?.id]))
      await app.close()
    }
    expect(refs[0]).toEqual(refs[1])
    before = (await allRuns()).length
    await app.open('anna/copy.ipynb')
    await app.run(1)
    await app.run(2)
    expect((await runs(2)).map(({ notebook, cell }) => [notebook?.id, cell?.id])).toEqual(refs[0])
  })

  it('EVT-9 keeps the identity of a notebook that is renamed', async () => {
    await app.rename('renamed.ipynb')
    await app.run(1)
    const [run] = await runs(1)
    const log = await staff.events(classId)
    const renamed = log.find(({ type }) => type === 'notebook_renamed')
    expect(renamed?.notebook).toEqual({ id: run?.notebook?.id, path: 'anna/renamed.ipynb' })
    expect(run?.notebook?.path).toBe('anna/renamed.ipynb')
  })

  it('EVT-10 counts what is typed, pasted and deleted, and tells it in steps where the class collects that', async () => {
    const { page } = app
    await page.locator('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell .cm-content').first().click()
    await page.keyboard.press('Control+End')
    await page.keyboard.type('abc')
    await page.keyboard.press('Backspace')
    const edit = await eventually('an edit in the log', async () =>
      (await staff.events(classId)).find(({ type }) => type === 'cell_edited'),
    )
    // What no key, pointer or paste brought is nobody's edit.
    expect(edit.data).toMatchObject({ typed: 3, deleted: 1, pasted: 0 })
    const deltas = edit.data['deltas'] as [number, object[]][]
    expect(deltas.map(([, steps]) => steps.at(-1))).toEqual([
      { insert: 'a' },
      { insert: 'b' },
      { insert: 'c' },
      { delete: 1 },
    ])
  })

  it('takes events of other extensions', async () => {
    const kept = (page: Page) =>
      page.evaluate(() => (globalThis as unknown as { otherExtension: Promise<boolean[]> }).otherExtension)
    expect(await kept(app.page)).toEqual([true, false])
    const custom = await eventually('a custom event', async () =>
      (await staff.events(classId)).find(({ type }) => type === 'custom'),
    )
    expect(custom.data).toEqual({ name: 'other:loaded', value: { answer: 42 } })
    expect(await refusals(app.page)).toEqual([])
    expectExactlyOnce(await staff.events(classId))
  })
})
