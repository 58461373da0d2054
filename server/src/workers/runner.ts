import type { RunnerInfo } from '@lectern/protocol'
import { backOff, POLICY, reasonOf, type ErrorPolicy } from './policy.ts'

interface RunnerOptions {
  name: string
  /** Does some of what is left; gives how many events it took and how many are left. */
  step: () => Promise<{ handled: number; lag: number }>
  everyMs: number
  clock: () => number
  random: () => number
  policy?: ErrorPolicy
  onFailure: (error: unknown) => void
}

/** A follower of the log, working in steps; after a failed one it waits and tries the same again. */
export interface Runner {
  info(): RunnerInfo
  /** Resolves when no step is under way. */
  idle(): Promise<void>
  stop(): Promise<void>
}

/** Starts a runner. */
export function startRunner(options: RunnerOptions): Runner {
  const { name, step, everyMs, clock, random, policy = POLICY, onFailure } = options
  let info: RunnerInfo = { name, state: 'waiting', lag: 0, handled: 0, failures: 0 }
  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> = Promise.resolve()
  let inRow = 0
  let stopped = false

  async function work(): Promise<void> {
    info = { ...info, state: 'running' }
    let wait = everyMs
    const began = performance.now()
    try {
      const { handled, lag } = await step()
      inRow = 0
      const { reason: _, ...rest } = info
      info = { ...rest, state: 'waiting', lag, handled: info.handled + handled, at: clock() }
      // Who is behind goes on soon, but takes a fifth of a core at most: live work comes first.
      if (lag > 0 && handled > 0) wait = Math.min(everyMs, 4 * (performance.now() - began))
    } catch (error) {
      inRow += 1
      info = { ...info, state: 'failed', failures: info.failures + 1, reason: reasonOf(error) }
      wait = Math.max(everyMs, backOff(policy, inRow, random))
      onFailure(error)
    }
    if (!stopped) timer = setTimeout(go, wait).unref()
  }

  function go(): void {
    working = work()
  }

  timer = setTimeout(go, everyMs).unref()
  return {
    info: () => info,
    idle: () => working,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await working
    },
  }
}
