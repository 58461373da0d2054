import type { CollectionLevel } from '@lectern/protocol'
import type { Page } from 'playwright-core'
import { answerConsent } from './consent-page.ts'
import type { Jupyter } from './jupyter.ts'
import { eventually } from './ports.ts'

const OPEN_TIMEOUT_MS = 60_000

/** As far as the tests use what JupyterLab shows of itself under `jupyterapp`. */
interface App {
  readonly restored: Promise<void>
  readonly commands: { execute(id: string, args?: object): Promise<unknown>; hasCommand(id: string): boolean }
  readonly shell: { readonly currentWidget: Panel | null }
}
interface Panel {
  readonly context?: { readonly path: string; save(): Promise<void>; rename(name: string): Promise<void> }
  readonly content: { readonly widgets: readonly { readonly model: Cell }[]; activeCellIndex: number }
  readonly sessionContext: { readonly session: { readonly kernel: Kernel | null } | null }
  close(): void
}
interface Kernel {
  readonly connectionStatus: string
  requestKernelInfo(): Promise<object>
  restart(): Promise<void>
  interrupt(): Promise<void>
  shutdown(): Promise<void>
}
interface Cell {
  readonly sharedModel: { setSource(text: string): void; getSource(): string }
  readonly metadata: object
}

/** JupyterLab driven by its own commands, faster and surer than by the mouse. */
export interface LabApp {
  readonly page: Page
  /** Opens a notebook, or shows it, and waits until its kernel has nothing to do. */
  open(notebook: string): Promise<void>
  isInFront(notebook: string): Promise<boolean>
  setCell(index: number, source: string): Promise<void>
  /** Asks to run the active cell; does not wait for its end. */
  run(index: number): Promise<void>
  runAll(): Promise<void>
  command(id: string, args?: object): Promise<unknown>
  /** Waits until JupyterLab says that it is done, but not for ever. */
  kernel(what: 'restart' | 'interrupt' | 'shutdown'): Promise<void>
  kernelIsIdle(): Promise<void>
  /** Types letters at the end of a cell, key by key. */
  type(index: number, text: string): Promise<void>
  /** Loads the page again and opens the notebook. */
  reload(notebook: string): Promise<void>
  /** Kills the page as the browser does that runs out of memory, and closes what is left of it. */
  crash(): Promise<void>
  /** Closes the notebook that is shown, unsaved changes and all. */
  close(): Promise<void>
  rename(name: string): Promise<void>
  /** Metadata of the cells of the notebook that is shown. */
  cellMetadata(): Promise<readonly object[]>
}

async function load(page: Page, address: string): Promise<void> {
  await page.goto(address)
  const isThere = () =>
    (globalThis as unknown as { jupyterapp?: App }).jupyterapp?.commands.hasCommand('docmanager:open') === true
  await page.waitForFunction(isThere, undefined, { timeout: OPEN_TIMEOUT_MS })
  await page.evaluate(() => (globalThis as unknown as { jupyterapp: App }).jupyterapp.restored)
}

interface LabAppOptions {
  readonly jupyter: Jupyter
  readonly notebook: string
  /** Level that the student agrees to when asked on this page; without it nobody is asked. */
  readonly consent?: CollectionLevel
}

/** Waits until JupyterLab has started on `page`, opens the notebook and gives JupyterLab's commands. */
export async function labApp(page: Page, { jupyter, notebook, consent }: LabAppOptions): Promise<LabApp> {
  await load(page, jupyter.address(notebook))
  const app: LabApp = {
    page,
    async open(path) {
      await page.evaluate(async (file) => {
        const { commands } = (globalThis as unknown as { jupyterapp: App }).jupyterapp
        await commands.execute('docmanager:open', { path: file, factory: 'Notebook' })
      }, path)
      const isShown = () => app.isInFront(path)
      await eventually(`${path} to be shown`, async () => ((await isShown()) ? true : undefined), {
        timeoutMs: OPEN_TIMEOUT_MS,
        everyMs: 50,
      })
      await app.kernelIsIdle()
      // A page that has just been loaded may still bring back the tab that was in front before.
      if (!(await isShown())) await app.open(path)
    },
    isInFront: (path) =>
      page.evaluate((file) => {
        const { shell } = (globalThis as unknown as { jupyterapp: App }).jupyterapp
        const shown = shell.currentWidget
        return shown?.context?.path === file && shown.content.widgets.length > 0
      }, path),
    setCell: (index, source) =>
      page.evaluate(
        ([at, text]) => {
          const { shell } = (globalThis as unknown as { jupyterapp: App }).jupyterapp
          shell.currentWidget?.content.widgets[at]?.model.sharedModel.setSource(text)
        },
        [index, source] as const,
      ),
    run: (index) =>
      page.evaluate((at) => {
        const { commands, shell } = (globalThis as unknown as { jupyterapp: App }).jupyterapp
        const panel = shell.currentWidget
        if (panel) panel.content.activeCellIndex = at
        void commands.execute('notebook:run-cell')
      }, index),
    runAll: () =>
      page.evaluate(() => {
        void (globalThis as unknown as { jupyterapp: App }).jupyterapp.commands.execute('notebook:run-all-cells')
      }),
    command: (id, args = {}) =>
      page.evaluate(
        async ([name, given]) => {
          await (globalThis as unknown as { jupyterapp: App }).jupyterapp.commands.execute(name, given)
        },
        [id, args] as const,
      ),
    kernel: (what) =>
      page.evaluate(async (action) => {
        const { shell } = (globalThis as unknown as { jupyterapp: App }).jupyterapp
        const late = new Promise((settle) => setTimeout(settle, 15_000))
        await Promise.race([late, shell.currentWidget?.sessionContext.session?.kernel?.[action]()]).catch(
          () => undefined,
        )
      }, what),
    async kernelIsIdle() {
      // What JupyterLab says of a kernel may be old, above all after a restart: only an answer of the kernel counts.
      const look = () =>
        page.evaluate(async () => {
          const { shell } = (globalThis as unknown as { jupyterapp: App }).jupyterapp
          const kernel = shell.currentWidget?.sessionContext.session?.kernel
          if (kernel?.connectionStatus !== 'connected') return false
          const late = new Promise((settle) => setTimeout(settle, 1_000))
          return (await Promise.race([kernel.requestKernelInfo(), late])) !== undefined
        })
      const options = { timeoutMs: OPEN_TIMEOUT_MS, everyMs: 50 }
      await eventually('a kernel that answers', async () => ((await look()) ? true : undefined), options)
    },
    async type(index, text) {
      const cell = page.locator('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell').nth(index)
      await cell.locator('.cm-content').click()
      await page.keyboard.press('Control+End')
      await page.keyboard.type(text)
    },
    async reload(path) {
      await load(page, jupyter.address(path))
      await app.open(path)
    },
    async crash() {
      const session = await page.context().newCDPSession(page)
      const gone = new Promise((settle) => page.once('crash', settle))
      // It never answers.
      void session.send('Page.crash').catch(() => undefined)
      await gone
      await page.close()
    },
    close: () =>
      page.evaluate(async () => {
        const { shell } = (globalThis as unknown as { jupyterapp: App }).jupyterapp
        const panel = shell.currentWidget
        await panel?.context?.save()
        panel?.close()
      }),
    rename: (name) =>
      page.evaluate(async (next) => {
        const { shell } = (globalThis as unknown as { jupyterapp: App }).jupyterapp
        await shell.currentWidget?.context?.rename(next)
      }, name),
    cellMetadata: () =>
      page.evaluate(() => {
        const { shell } = (globalThis as unknown as { jupyterapp: App }).jupyterapp
        return (shell.currentWidget?.content.widgets ?? []).map(({ model }) => model.metadata)
      }),
  }
  if (consent !== undefined) await answerConsent(page, consent)
  await app.open(notebook)
  return app
}
