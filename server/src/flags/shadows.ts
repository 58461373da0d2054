import { Worker } from 'node:worker_threads'
import type { ShadowInfo } from '@lectern/protocol'
import type { LogFiles } from '../store/store.ts'
import { SHADOWS, type ShadowName } from './flags.ts'
import type { ShadowBeat, ShadowData } from './shadow-thread.ts'

const THREAD_FILE = new URL('shadow-thread.ts', import.meta.url)
const HUNG_AFTER_MS = 5_000
const LOOK_EVERY_MS = 500
const OLD_MIB = 256

interface ShadowsOptions {
  log: LogFiles
  /** Another candidate, and another patience: tests alone use them. */
  module?: string
  hungAfterMs?: number
  onFailed: (name: string, reason: string) => void
}

interface Running {
  worker: Worker
  beat: ShadowBeat
  heardAt: number
}

/** Candidates beside what is in force: each in a thread that can fail without anything else noticing. */
export interface Shadows {
  list(): ShadowInfo[]
  set(name: ShadowName, running: boolean): Promise<void>
  /** Begins what runs from the first event again: the log is not what it was. What was seen before is let go. */
  restart(): Promise<void>
  stop(): Promise<void>
}

const nothing = (): ShadowBeat => ({ compared: 0, differing: 0, samples: [] })

/** Makes the shadows; none runs until it is started. */
export function createShadows(options: ShadowsOptions): Shadows {
  const { log, module, hungAfterMs = HUNG_AFTER_MS, onFailed } = options
  const running = new Map<ShadowName, Running>()
  const last = new Map<ShadowName, ShadowBeat>()
  const failed = new Map<ShadowName, string>()

  function end(name: ShadowName, reason?: string): Promise<unknown> {
    const found = running.get(name)
    if (!found) return Promise.resolve()
    running.delete(name)
    last.set(name, found.beat)
    if (reason !== undefined) {
      failed.set(name, reason)
      onFailed(name, reason)
    }
    return found.worker.terminate()
  }

  function start(name: ShadowName): void {
    const data: ShadowData = {
      log,
      rules: SHADOWS[name].variant,
      ...(module === undefined ? {} : { module }),
    }
    const worker = new Worker(THREAD_FILE, {
      workerData: data,
      name: `shadow ${name}`,
      resourceLimits: { maxOldGenerationSizeMb: OLD_MIB },
    })
    const entry: Running = { worker, beat: nothing(), heardAt: performance.now() }
    running.set(name, entry)
    failed.delete(name)
    last.delete(name)
    worker.on('message', (beat: ShadowBeat) => {
      entry.beat = beat
      entry.heardAt = performance.now()
    })
    const ended = (reason: string) => {
      if (running.get(name) === entry) void end(name, reason)
    }
    worker.on('error', (error) => ended(error instanceof Error ? error.message : String(error)))
    worker.on('exit', (code) => ended(`its thread ended with ${code}`))
    worker.unref()
  }

  const timer = setInterval(() => {
    for (const [name, { heardAt }] of running) {
      const silent = performance.now() - heardAt
      if (silent > hungAfterMs) void end(name, `it has not been heard of for ${Math.round(silent / 1000)} s`)
    }
  }, LOOK_EVERY_MS).unref()

  return {
    list: () =>
      Object.entries(SHADOWS).map(([key, { what, flag }]) => {
        const name = key as ShadowName
        const reason = failed.get(name)
        const { compared, differing, samples } = running.get(name)?.beat ?? last.get(name) ?? nothing()
        return {
          name,
          what,
          flag,
          running: running.has(name),
          ...(reason === undefined ? {} : { failed: reason }),
          compared,
          differing,
          samples,
        }
      }),
    async set(name, on) {
      if (on === running.has(name)) return
      if (on) start(name)
      else await end(name)
    },
    async restart() {
      last.clear()
      const names = Array.from(running.keys())
      for (const name of names) {
        await end(name)
        start(name)
      }
    },
    async stop() {
      clearInterval(timer)
      for (const name of running.keys()) await end(name)
    },
  }
}
