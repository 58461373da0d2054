import { workerData } from 'node:worker_threads'
import { createClassFold } from '../src/live/class-fold.ts'
import type { ClassFold } from '../src/live/live.ts'

// Candidates of shadows that only tests run: one throws, one never comes back, by the name that the module is asked for with.

/** A fold that misbehaves after some events. */
export function createCandidate(): ClassFold {
  const fold = createClassFold()
  const hangs = (workerData as { module: string }).module.endsWith('?hang')
  return {
    ...fold,
    get offset() {
      return fold.offset
    },
    apply(events) {
      if (!hangs) throw new Error('the candidate is broken')
      for (;;) if (events.length < 0) return
    },
  }
}
