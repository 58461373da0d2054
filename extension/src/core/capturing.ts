import type { LecternEvent } from '../../../protocol/src/events.ts'
import type { Captured } from './captured.ts'
import { createDraft, limitedDraft } from './draft.ts'
import type { createGate } from './gate.ts'
import { uuid7, type RandomBytes } from './ids.ts'
import type { createKeeper } from './keeper.ts'
import { levelOf, mayKeep, type Draft, type Join, type OpenRun, type Outbox } from './outbox.ts'
import { createRunNotes, type BegunRun } from './run-notes.ts'

interface Parts {
  readonly outbox: Outbox
  readonly keeper: ReturnType<typeof createKeeper>
  readonly gate: ReturnType<typeof createGate>
  readonly current: () => Join | undefined
  readonly clock: () => number
  readonly randomBytes: RandomBytes
  /** Id of this page's session. */
  readonly session: string
}

/** Where what is seen becomes events. */
export interface Capturing {
  /** Resolves when the event is kept, with undefined when nothing may be captured. Rejects when it could not be kept. */
  capture(captured: Captured): Promise<LecternEvent | undefined>
  /** Notes a run, so that its end is told even if this page ends before it. Gives the run's id, or undefined when nothing may be captured. */
  begins(run: BegunRun): string | undefined
  /** Runs that were noted by pages that are gone: of all `alive` says no to. */
  orphans(alive: (page: string) => boolean): Promise<OpenRun[]>
  /** True while what the student does may be captured. */
  isSharing(): boolean
  /** The page is being left: keeps what `flush` captures, and then `last`, without waiting for anything. */
  leave(last: Captured, flush: () => void): void
}

/** Captures into the outbox what the answer and a pause let through. */
export function createCapturing(parts: Parts): Capturing {
  const { outbox, keeper, gate, current } = parts
  let isLeaving = false

  const isSharing = () => mayKeep(current(), 'cell_executed') && gate.admits({ type: 'cell_executed' })
  const notes = createRunNotes({
    outbox,
    inOrder: keeper.inOrder,
    newId: (at) => uuid7(at, parts.randomBytes),
    page: parts.session,
    install: () => (isSharing() ? current()?.install : undefined),
  })
  /** What of it may be captured now, and for which install. */
  const allowed = (whole: Draft): { install: string; draft: Draft } | undefined => {
    const join = current()
    // Said once more by the server, which takes nothing else of who does not share.
    if (!mayKeep(join, whole.type)) return undefined
    const draft = limitedDraft(whole, levelOf(join))
    return draft && { install: join.install, draft }
  }
  const leaveBehind = (whole: Draft): void => {
    const found = allowed(whole)
    if (found) outbox.leave(found.install, found.draft)
  }

  return {
    async capture(captured) {
      const { run } = captured
      if (!gate.admits(captured)) {
        // Nor will another page tell it.
        if (run !== undefined) await notes.drop(run)
        return undefined
      }
      const whole = createDraft(captured, parts)
      if (isLeaving) {
        leaveBehind(whole)
        return undefined
      }
      return keeper.inOrder(async () => {
        const found = allowed(whole)
        return found && keeper.keep({ ...found, ...notes.take(run) })
      })
    },
    begins: notes.begins,
    orphans: notes.orphans,
    isSharing,
    leave(last, flush) {
      isLeaving = true
      flush()
      if (gate.admits(last)) leaveBehind(createDraft(last, parts))
      isLeaving = false
    },
  }
}
