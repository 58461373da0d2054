import type { Captured } from './captured.ts'

/** A request for help and answers to messages are no observation: they go out in a pause as well. */
const WRITTEN_TO_BE_READ = /^(help|message)_/

/** Lets through what may be captured: in a pause nothing is, and nothing later that began in it. */
export function createGate(clock: () => number) {
  let isPaused = false
  let resumedAt = Number.NEGATIVE_INFINITY
  return {
    pause(next: boolean): void {
      if (isPaused && !next) resumedAt = clock()
      isPaused = next
    },
    admits({ type, data = {} }: Captured): boolean {
      if (isPaused) return WRITTEN_TO_BE_READ.test(type)
      const began = Date.parse(String((data as { startedAt?: unknown }).startedAt))
      return Number.isNaN(began) || began >= resumedAt
    },
  }
}
