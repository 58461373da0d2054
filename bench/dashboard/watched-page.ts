import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core'
import type { PersonLink } from '@lectern/protocol'
import type { MeasuredServer } from '../lib/server.ts'
import { traceMainThread, type MainThread } from './main-thread.ts'

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--js-flags=--expose-gc',
]
const VIEWPORT = { width: 1440, height: 900 }

/** What a page has seen since it was last asked. */
export interface Seen {
  /** Each offset that was shown, with the time at which it was on the screen, ms since the epoch. */
  readonly shown: readonly { readonly offset: number; readonly at: number }[]
  /** Frames that took longer than 50 ms, as the browser tells them, with what took longest in each. */
  readonly longFrames: readonly { readonly ms: number; readonly blockedMs: number; readonly by: string }[]
  readonly frames: number
}

/** The dashboard in a browser. */
export interface WatchedPage {
  open(fragment: string): Promise<void>
  take(): Promise<Seen>
  /** Traces what the page's main thread needs while `during` goes on. */
  trace(name: string, during: () => Promise<void>): Promise<MainThread>
  /** MiB of the page's heap after a collection. */
  heapMiB(): Promise<number>
  close(): Promise<void>
}

/** Runs in the page: notes frames, and when which offset was on the screen. */
function watch(): void {
  const seen = { shown: [] as object[], longFrames: [] as object[], frames: 0 }
  Object.assign(globalThis, { measured: seen })
  const count = () => {
    seen.frames += 1
    requestAnimationFrame(count)
  }
  requestAnimationFrame(count)
  const channel = new MessageChannel()
  let offset = 0
  // A message that is sent in a frame arrives after it was painted.
  channel.port1.addEventListener('message', () => {
    seen.shown.push({ offset, at: performance.timeOrigin + performance.now() })
  })
  channel.port1.start()
  const look = () => {
    const main = document.getElementById('main')
    if (!main) return void setTimeout(look, 50)
    new MutationObserver(() => {
      offset = Number(main.dataset['offset'] ?? 0)
      channel.port2.postMessage(0)
    }).observe(main, { attributes: true, attributeFilter: ['data-offset'] })
  }
  look()
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { duration, blockingDuration, scripts } = entry as PerformanceEntry & {
        blockingDuration: number
        scripts: { duration: number; invoker: string; sourceFunctionName: string }[]
      }
      const [longest] = scripts.toSorted((a, b) => b.duration - a.duration)
      const by = longest
        ? `${longest.invoker} ${longest.sourceFunctionName} ${Math.round(longest.duration)} ms`
        : 'no script'
      seen.longFrames.push({ ms: Math.round(duration), blockedMs: Math.round(blockingDuration), by })
    }
  }).observe({ type: 'long-animation-frame', buffered: false })
}

/** A link by which somebody new may look at every class. */
async function signInPath({ url, staffToken }: MeasuredServer): Promise<string> {
  const answer = await fetch(`${url}/api/v2/people`, {
    method: 'POST',
    headers: { authorization: `Bearer ${staffToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Watcher', email: 'watcher@bench.example', role: 'admin' }),
  })
  if (!answer.ok) throw new Error(`No account: HTTP ${answer.status} ${await answer.text()}`)
  return ((await answer.json()) as PersonLink).path
}

async function openBrowser(server: MeasuredServer): Promise<{ browser: Browser; page: Page; devtools: CDPSession }> {
  const browser = await chromium.launch({
    executablePath: process.env['LECTERN_TEST_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ARGS,
  })
  const context = await browser.newContext({ viewport: VIEWPORT, locale: 'en-GB' })
  const page = await context.newPage()
  await page.goto(`${server.url}${await signInPath(server)}`)
  await page.waitForURL((url) => !url.hash.includes('link='))
  return { browser, page, devtools: await context.newCDPSession(page) }
}

/** Opens a browser and signs in. */
export async function openWatchedPage(server: MeasuredServer): Promise<WatchedPage> {
  const { browser, page, devtools } = await openBrowser(server)
  await devtools.send('Performance.enable')
  return {
    async open(fragment) {
      await page.goto(`${server.url}/${fragment}`)
      await page.reload()
      await page.locator('#main[data-offset]').waitFor()
      await page.evaluate(watch)
    },
    take: () =>
      page.evaluate(() => {
        const { measured } = globalThis as unknown as {
          measured: { shown: object[]; longFrames: object[]; frames: number }
        }
        const taken = { shown: [...measured.shown], longFrames: [...measured.longFrames], frames: measured.frames }
        Object.assign(measured, { frames: 0 })
        measured.shown.length = 0
        measured.longFrames.length = 0
        return taken as unknown as Seen
      }),
    trace: (name, during) => traceMainThread({ browser, page, name }, during),
    async heapMiB() {
      await devtools.send('HeapProfiler.collectGarbage')
      const { metrics } = await devtools.send('Performance.getMetrics')
      return Number(((metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0) / 1024 ** 2).toFixed(1))
    },
    close: () => browser.close(),
  }
}
