import type { CDPSession, Page } from 'playwright-core'

const READY_TIMEOUT_MS = 60_000
const KIB = 1024
/** Storage and status follow a run. */
const QUIET_MS = 400

/** A page and the session that measures it. */
export interface Measuring {
  readonly page: Page
  readonly session: CDPSession
}

/** Has the browser count the time of tasks by the processor's clock; to be called once for a page. */
export async function countTasks({ session }: Measuring): Promise<void> {
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
}

async function taskSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN
}

/** As far as JupyterLab shows itself to the page. */
interface App {
  readonly restored: Promise<void>
  readonly commands: { execute(id: string): Promise<unknown>; hasCommand(id: string): boolean }
  readonly shell: {
    readonly currentWidget: {
      readonly content: { activeCellIndex: number }
      readonly sessionContext: { readonly session: { readonly kernel: { requestKernelInfo(): Promise<unknown> } } }
    } | null
  }
}
type WithApp = typeof globalThis & { jupyterapp?: App }

/** Loads JupyterLab; gives the ms from the navigation to its word that everything is there. */
export async function loadLab(page: Page, address: string): Promise<number> {
  await page.goto(address)
  const isThere = () => (globalThis as WithApp).jupyterapp?.commands.hasCommand('notebook:run-cell') === true
  await page.waitForFunction(isThere, undefined, { timeout: READY_TIMEOUT_MS, polling: 20 })
  return page.evaluate(async () => {
    await (globalThis as WithApp).jupyterapp?.restored
    return performance.now()
  })
}

/** Agrees to what the class collects. */
export async function agree(page: Page, level: number): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.locator(`input[type=radio][value="${level}"]`).check({ timeout: READY_TIMEOUT_MS })
  await dialog.getByRole('button', { name: 'Save my answer' }).click()
  await dialog.waitFor({ state: 'detached' })
}

/** Waits until the notebook is in front and its kernel answers. */
export async function kernelAnswers(page: Page): Promise<void> {
  const answers = async () => {
    const session = (globalThis as WithApp).jupyterapp?.shell.currentWidget?.sessionContext?.session
    const late = new Promise((resolve) => setTimeout(resolve, 1_000))
    return session?.kernel ? (await Promise.race([session.kernel.requestKernelInfo(), late])) !== undefined : false
  }
  for (const until = performance.now() + READY_TIMEOUT_MS; performance.now() < until; await page.waitForTimeout(200)) {
    // Asking throws as long as there is no connection.
    if (await page.evaluate(answers).catch(() => false)) return
  }
  throw new Error('The kernel does not answer.')
}

/** Runs cells one after the other; gives ms from asking to the shell's word that each has run. */
export function runCells(page: Page, from: number, count: number): Promise<number[]> {
  return page.evaluate(
    async ([first, many]) => {
      const app = (globalThis as WithApp).jupyterapp
      const notebook = app?.shell.currentWidget?.content
      const times: number[] = []
      if (!app || !notebook) return times
      for (let index = first; index < first + many; index += 1) {
        notebook.activeCellIndex = index
        const began = performance.now()
        await app.commands.execute('notebook:run-cell')
        times.push(performance.now() - began)
      }
      return times
    },
    [from, count] as const,
  )
}

/**
 * Runs one cell; gives the ms of processor time that the page's main thread took for it, until storage and status were done
 * with it: time in which other programs had the processor does not count.
 */
export async function runCost({ page, session }: Measuring, index: number): Promise<number> {
  const before = await taskSeconds(session)
  await runCells(page, index, 1)
  await page.waitForTimeout(QUIET_MS)
  return ((await taskSeconds(session)) - before) * 1_000
}

/** MiB of JavaScript objects that are still reachable. */
export async function heapMiB(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return usedSize / KIB / KIB
}

/** Counts the bytes of bodies and frames that this page sends to `port`. */
export async function countSent(session: CDPSession, port: number): Promise<() => number> {
  let bytes = 0
  const sockets = new Set<string>()
  await session.send('Network.enable')
  session.on('Network.webSocketCreated', ({ requestId, url }) => {
    if (url.includes(`:${port}/`)) sockets.add(requestId)
  })
  session.on('Network.webSocketFrameSent', ({ requestId, response }) => {
    if (sockets.has(requestId)) bytes += Buffer.byteLength(response.payloadData)
  })
  session.on('Network.requestWillBeSent', ({ request }) => {
    if (request.url.includes(`:${port}/`)) bytes += Buffer.byteLength(request.postData ?? '')
  })
  return () => bytes
}
