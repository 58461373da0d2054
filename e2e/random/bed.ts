import type { Browser, BrowserContext } from 'playwright-core'
import { startBrowser } from '../harness/browser.ts'
import { notebookOf, pipInstall, startJupyter, type LocalJupyter } from '../harness/jupyter.ts'
import { labApp, type LabApp } from '../harness/lab-app.ts'
import { createNetwork, type Network } from '../harness/proxy.ts'
import { startServer, type LecternServer } from '../harness/server.ts'
import { createStaff, type Staff } from '../harness/staff.ts'
import { JOURNAL_STARTUP } from './kernel-journal.ts'

const OUTPUTS_LEVEL = 3
const CELLS = { a: '', b: '', c: '', typed: '' }

/** The notebooks of each page: two pages never write one file. */
export const BOOKS = [
  ['one.ipynb', 'two.ipynb'],
  ['three.ipynb', 'four.ipynb'],
] as const

/** One page of the student's browser, and which of its notebooks is in front. */
export interface OpenPage {
  app: LabApp
  book: string
}

/** Everything that a story of random steps happens to. */
export interface Bed extends AsyncDisposable {
  readonly server: LecternServer
  readonly staff: Staff
  readonly network: Network
  readonly jupyter: LocalJupyter
  readonly classId: string
  /** Opens a page; the first of all answers what may be collected. */
  openPage(book: string, isFirst?: boolean): Promise<OpenPage>
}

interface BedOptions {
  /** False takes IndexedDB away, so that nothing outlives a page: the control that has to fail. */
  readonly storage?: boolean
}

async function startParts() {
  const server = await startServer()
  const staff = createStaff(server.url)
  const { id, code } = await staff.makeClass('Random steps', OUTPUTS_LEVEL)
  const network = await createNetwork(server.port)
  await pipInstall(`${server.url}/extension/${await staff.wheel()}`)
  const jupyter = await startJupyter({
    notebooks: Object.fromEntries(BOOKS.flat().map((book) => [book, notebookOf(CELLS)])),
    settings: {
      '@lectern/jupyterlab:plugin': { server: `http://127.0.0.1:${network.port}`, code, name: 'Mio' },
      // The page is not asked whether a kernel may be restarted or a tab closed.
      '@jupyterlab/apputils-extension:sessionDialogs': { skipKernelRestartDialog: true },
    },
    startup: JOURNAL_STARTUP,
  })
  return { server, staff, network, jupyter, classId: id }
}

/** Starts server, network, JupyterLab and browser. */
export async function startBed({ storage = true }: BedOptions = {}): Promise<Bed> {
  const parts = await startParts()
  const { server, network, jupyter } = parts
  const browser: Browser = await startBrowser()
  const context: BrowserContext = await browser.newContext()
  if (!storage) {
    await context.addInitScript(() => Object.defineProperty(globalThis, 'indexedDB', { value: undefined }))
  }
  return {
    ...parts,
    async openPage(book, isFirst = false) {
      const consent = isFirst ? { consent: OUTPUTS_LEVEL as 3 } : {}
      const app = await labApp(await context.newPage(), { jupyter, notebook: book, ...consent })
      return { app, book }
    },
    async [Symbol.asyncDispose]() {
      await browser.close()
      await jupyter.stop()
      await network.close()
      await server.stop()
    },
  }
}
