import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { breakStorage, prepareBrokenStorage } from './harness/broken-storage.ts'
import { photographFailures, startBrowser } from './harness/browser.ts'
import { notebookOf, pipInstall, startJupyter, type Jupyter } from './harness/jupyter.ts'
import { labApp, type LabApp } from './harness/lab-app.ts'
import { leaveOldOutbox } from './harness/old-outbox.ts'
import { eventually } from './harness/ports.ts'
import { BROKEN, createNetwork, PORTAL, tooMany, type Network } from './harness/proxy.ts'
import { ON_SERVER, SERVER_SIDE_EXECUTION } from './harness/server-side-execution.ts'
import { startServer, type LecternServer } from './harness/server.ts'
import { createStaff, type LoggedEvent, type Staff } from './harness/staff.ts'
import { expectExactlyOnce } from './harness/until.ts'

const LEVEL = 3
const NOTEBOOK = 'outbox.ipynb'
const NAME = 'Yui'
const RETRY_AFTER_S = 4
/** The clocks of a browser and of a timer in it differ by a little. */
const TIMER_SLACK_MS = 50

let server: LecternServer
let staff: Staff
let network: Network
let jupyter: Jupyter
let browser: Browser
let app: LabApp
let classId: string
let code: string

photographFailures(() => browser)

const origin = () => `http://127.0.0.1:${network.port}`
const status = (page: Page) => page.locator('.lectern-status')
const panel = (page: Page) => page.locator('#lectern-panel')

/** Opens the panel, and in it the section of this name, when it is folded. */
async function openSection(page: Page, name: string): Promise<void> {
  if (!(await panel(page).isVisible())) await status(page).click()
  const heading = panel(page).getByRole('button', { name, exact: true })
  if ((await heading.getAttribute('aria-expanded')) !== 'true') await heading.click()
}

/** Runs of cells that the panel says have left the browser, or will, and are not acknowledged. */
const waitingRuns = (page: Page) =>
  panel(page)
    .locator('.lectern-event', { hasText: /waits to be sent|not yet acknowledged/ })
    .filter({ hasText: 'Ran a cell' })

/** Runs a cell with this source to its end. */
async function run(lab: LabApp, source: string): Promise<void> {
  await lab.setCell(0, source)
  await lab.run(0)
  await lab.kernelIsIdle()
}

/** Sources of the runs in the log that have `mark` in them, in its order. */
async function inLog(mark: string): Promise<readonly LoggedEvent[]> {
  const log = await staff.events(classId)
  return log.filter(({ type, data }) => type === 'cell_executed' && String(data['source']).includes(mark))
}
const sources = (runs: readonly LoggedEvent[]) => runs.map(({ data }) => data['source'])

/** Waits until these runs are in the log, in order, and nothing waits any more; and fails if anything is there twice. */
async function arrived(lab: LabApp, mark: string, wanted: readonly string[]): Promise<readonly LoggedEvent[]> {
  const found = await eventually(`${mark} in the log`, async () => {
    const runs = await inLog(mark)
    return runs.length >= wanted.length ? runs : undefined
  })
  await expect.poll(() => status(lab.page).innerText(), { timeout: 20_000 }).not.toContain('waiting')
  expect(sources(found)).toEqual(wanted)
  expectExactlyOnce(await staff.events(classId))
  return found
}

const newStudent = async (context: BrowserContext) =>
  labApp(await context.newPage(), { jupyter, notebook: NOTEBOOK, consent: LEVEL })

beforeAll(async () => {
  server = await startServer()
  staff = createStaff(server.url)
  ;({ id: classId, code } = await staff.makeClass('Outbox', LEVEL))
  network = await createNetwork(server.port)
  await pipInstall(`${server.url}/extension/${await staff.wheel()}`)
  jupyter = await startJupyter({
    notebooks: { [NOTEBOOK]: notebookOf({ a: '' }) },
    settings: { '@lectern/jupyterlab:plugin': { server: origin(), code, name: NAME } },
    extensions: SERVER_SIDE_EXECUTION,
  })
  browser = await startBrowser()
  app = await newStudent(await browser.newContext())
})

afterEach(() => network.restore())

afterAll(async () => {
  await browser?.close()
  await jupyter?.stop()
  await network?.close()
  await server?.stop()
})

describe('outbox', () => {
  it.each([
    ['fails', BROKEN, 'The server answered: internal.'],
    ['is behind a captive portal', PORTAL, 'Something else than Lectern answers at this address.'],
  ] as const)('ING-2 ING-7 shows what waits while the server %s, and delivers it once', async (how, canned, said) => {
    const mark = how.replaceAll(/\W/g, '_')
    const { page } = app
    await run(app, `${mark} = 'before'`)
    await arrived(app, mark, [`${mark} = 'before'`])
    const tries: string[] = []
    page.on('response', (response) => tries.push(`${new URL(response.url()).port} ${response.status()}`))
    network.answer(canned)
    await run(app, `${mark} = 1`)
    await run(app, `${mark} = 2`)
    await eventually('several tries', async () => {
      const same = tries.filter((text) => text === `${network.port} ${canned.status}`)
      return same.length >= 4 ? same : undefined
    })
    expect(await status(page).innerText()).toMatch(/\d+ waiting/)
    await openSection(page, 'What was sent')
    await panel(page).getByText(said).waitFor()
    await expect.poll(() => waitingRuns(page).count()).toBe(2)
    expect(sources(await inLog(mark))).toEqual([`${mark} = 'before'`])
    network.restore()
    await arrived(app, mark, [`${mark} = 'before'`, `${mark} = 1`, `${mark} = 2`])
  })

  it('ING-7 asks again for nothing, neither to take events nor for a socket, before the time that a 429 names', async () => {
    const { page } = app
    const refused = new Map<string, number>()
    const waits: [path: string, ms: number][] = []
    const pathOf = (url: string) => (new URL(url).origin === origin() ? new URL(url).pathname : undefined)
    page.on('response', (response) => {
      const path = pathOf(response.url())
      if (path !== undefined && response.status() === 429) refused.set(path, Date.now())
    })
    page.on('request', (request) => {
      const path = pathOf(request.url())
      const at = path === undefined || request.method() === 'OPTIONS' ? undefined : refused.get(path)
      if (path === undefined || at === undefined) return
      refused.delete(path)
      waits.push([path, Date.now() - at])
    })
    network.answer(tooMany(RETRY_AFTER_S))
    await run(app, 'too_many = 1')
    await eventually('both ways to be refused', async () => (refused.size >= 2 ? true : undefined))
    expect(await status(page).innerText()).toContain('waiting')
    await page.waitForTimeout((RETRY_AFTER_S * 1_000) / 2)
    network.restore()
    await arrived(app, 'too_many', ['too_many = 1'])
    await eventually('the socket to be asked for again', async () =>
      waits.some(([path]) => path.endsWith('/live/ticket')) ? true : undefined,
    )
    for (const [path, ms] of waits) {
      expect.soft(ms, path).toBeGreaterThanOrEqual(RETRY_AFTER_S * 1_000 - TIMER_SLACK_MS)
    }
  })

  it('keeps and shows what waits of a class that was left, and delivers it to who comes back', async () => {
    const { page } = app
    network.cut()
    await run(app, 'left = 1')
    await status(page).getByText('1 waiting').waitFor()
    await openSection(page, 'Class')
    await panel(page).getByRole('button', { name: 'Leave on this computer …' }).click()
    await page.getByRole('dialog').getByText('1 event has not been sent yet.').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Leave', exact: true }).click()
    const kept = panel(page).getByText(/\d+ events? of earlier joins still wait/)
    await kept.waitFor()
    network.restore()
    // Also to a page that knows of it only from the storage.
    await app.reload(NOTEBOOK)
    if (!(await panel(page).isVisible())) await status(page).click()
    await kept.waitFor()
    await run(app, 'left = "not captured"')
    expect(await inLog('left')).toEqual([])
    await panel(page).getByRole('button', { name: 'Come back' }).click()
    await arrived(app, 'left', ['left = 1'])
  })

  it('ING-4 sends again what a server has lost that was restored from an older backup', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lectern-backup-'))
    try {
      await run(app, 'backup = "in it"')
      await arrived(app, 'backup', ['backup = "in it"'])
      const copy = join(folder, 'copy')
      await server.command('backup', copy)
      await run(app, 'backup = "after it"')
      await run(app, 'backup = "long after it"')
      const all = ['backup = "in it"', 'backup = "after it"', 'backup = "long after it"']
      await arrived(app, 'backup', all)
      // Nobody gets through before the test has seen what the restored server holds.
      network.cut()
      await server.crash()
      await server.command('restore', copy)
      await server.restart()
      expect(sources(await inLog('backup'))).toEqual(all.slice(0, 1))
      network.restore()
      await arrived(app, 'backup', all)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('EVT-11 tells runs that no request of the page asked for by what the notebook shows of them', async () => {
    const bodies = ['raise ServerSideError', 'print("fine")'].map((body) => `${ON_SERVER}\n${body}`)
    for (const [index, body] of bodies.entries()) {
      await run(app, body)
      await eventually('the run in the log', async () => ((await inLog(ON_SERVER)).length > index ? true : undefined))
    }
    const found = await inLog(ON_SERVER)
    expect(sources(found)).toEqual(bodies)
    expect(found.map(({ data }) => data)).toMatchObject([
      { status: 'error', errorName: 'ServerSideError', errorMessage: 'on the server', executionCount: 1 },
      { status: 'ok', executionCount: 2, outputs: [{ kind: 'stdout', text: 'from the server\n' }] },
    ])
    expect(found.map(({ cell }) => cell?.id)).toEqual(['a', 'a'])
    expect(found[1]?.data).not.toHaveProperty('errorName')
    expectExactlyOnce(await staff.events(classId))
  })

  it('EVT-2 delivers what an earlier version of the extension has left waiting, once and in order', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(new URL('/api', jupyter.address(NOTEBOOK)).href)
    const old = await leaveOldOutbox(page, { server: origin(), code, name: NAME, level: LEVEL })
    // The student has answered already: nobody is asked again.
    const lab = await labApp(page, { jupyter, notebook: NOTEBOOK })
    await run(lab, 'old_5 = 5')
    await arrived(lab, 'old_', ['old_1 = 1', 'old_2 = 2', 'old_3 = 3', 'old_4 = 4', 'old_5 = 5'])
    const own = (await staff.events(classId)).filter(({ install }) => install === old.install)
    expect(own.slice(0, old.ids.length).map(({ id }) => id)).toEqual(old.ids)
    await context.close()
  })

  it.each(['open', 'write'] as const)(
    'warns where storage fails to %s, and delivers while the page lives',
    async (fault) => {
      const context = await browser.newContext()
      await prepareBrokenStorage(context, fault)
      const lab = await newStudent(context)
      await status(lab.page).getByText('⚠ not kept').waitFor()
      await status(lab.page).click()
      await panel(lab.page).getByText('This browser does not let Lectern keep anything.').waitFor()
      const mark = `no_${fault}`
      await run(lab, `${mark} = 1`)
      await arrived(lab, mark, [`${mark} = 1`])
      await context.close()
    },
  )

  it('warns when storage fails later, and delivers what was run meanwhile when it works again', async () => {
    const context = await browser.newContext()
    await prepareBrokenStorage(context)
    const lab = await newStudent(context)
    await run(lab, 'later = 0')
    await arrived(lab, 'later', ['later = 0'])
    await breakStorage(lab.page, 'write')
    await run(lab, 'later = 1')
    await run(lab, 'later = 2')
    await status(lab.page).getByText('⚠').waitFor()
    await lab.page.locator('.lectern-status[title*="kept in memory only"]').waitFor()
    expect(sources(await inLog('later'))).toEqual(['later = 0'])
    await breakStorage(lab.page, undefined)
    await arrived(lab, 'later', ['later = 0', 'later = 1', 'later = 2'])
    await expect.poll(() => status(lab.page).innerText(), { timeout: 20_000 }).not.toContain('⚠')
    await context.close()
  })
})
