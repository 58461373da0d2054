import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { quantile, rounded } from '../lib/stats.ts'

/** Kept for who wants to look into it; not part of the results. */
const TRACES = join(import.meta.dirname, '..', '..', '.lectern', 'results')
const CATEGORIES = ['toplevel', '__metadata']
/** A task that takes longer makes a frame late. */
const LONG_MS = 50

/**
 * What the page's main thread needed, in time of the processor: unlike the time on the wall it does not grow while other
 * programs have the processor, so that it tells what the page needs, not how busy the machine was.
 */
export interface MainThread {
  /** Tasks, which hold all that a frame needs on this thread, that took longer than 50 ms. */
  readonly longTasks: number
  readonly longestTaskMs: number
  /** Of the tasks that did anything, 1 ms or more. */
  readonly taskP99Ms: number
  /** Part of one core. */
  readonly cores: number
}

interface TraceEvent {
  readonly name: string
  readonly pid: number
  readonly tid: number
  /** Microseconds of the processor. */
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

function taskTimes(events: readonly TraceEvent[]): number[] {
  const mains = events.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
  const times = mains.map(({ pid, tid }) =>
    events.flatMap((event) =>
      event.name === 'ThreadControllerImpl::RunTask' &&
      event.pid === pid &&
      event.tid === tid &&
      event.tdur !== undefined
        ? [event.tdur / 1000]
        : [],
    ),
  )
  const sum = (one: readonly number[]) => one.reduce((all, ms) => all + ms, 0)
  // There is one for each page that the browser keeps; the one that works is the page's.
  return times.toSorted((a, b) => sum(b) - sum(a))[0] ?? []
}

/** Traces the page while `during` goes on; the trace is kept under `name`. */
export async function traceMainThread(
  { browser, page, name }: { readonly browser: Browser; readonly page: Page; readonly name: string },
  during: () => Promise<void>,
): Promise<MainThread> {
  await browser.startTracing(page, { categories: CATEGORIES })
  const began = performance.now()
  await during()
  const seconds = (performance.now() - began) / 1000
  const trace = await browser.stopTracing()
  mkdirSync(TRACES, { recursive: true })
  writeFileSync(join(TRACES, `${name}.trace.json`), trace)
  const { traceEvents } = JSON.parse(trace.toString('utf8')) as { traceEvents: TraceEvent[] }
  const times = taskTimes(traceEvents)
  const working = times.filter((ms) => ms >= 1)
  return {
    longTasks: times.filter((ms) => ms > LONG_MS).length,
    longestTaskMs: rounded(Math.max(0, ...working)),
    taskP99Ms: rounded(quantile(working, 0.99)),
    cores: rounded(times.reduce((all, ms) => all + ms, 0) / 1000 / seconds, 2),
  }
}
