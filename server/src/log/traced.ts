import type { BatchTrace, FrameTimes, GroupTimes, LiveFrame, Submission } from './log.ts'

/** Traces whose class sent no frame since; beyond it they are let go. */
const MOST_WAITING = 1000

interface Traced {
  class: string
  trace: BatchTrace
  folded: boolean
  /** A frame may come before the message that says that folding is done. */
  frame?: FrameTimes
}

/** Follows the traced batches of groups from the queue to the frame that shows them. */
export interface TracedGroups {
  /** A group left the queue. Returns true if one of its batches is traced. */
  sent(n: number, group: readonly Submission[]): boolean
  /** Its answers came; without times it was not stored. */
  stored(n: number, times: GroupTimes | undefined): void
  folded(n: number, times: { at: number; ms: number }): void
  /** A frame of the class was handed to its readers. */
  framed(frame: LiveFrame, times: { at: number; ms: number }): void
}

function tracedOf(group: readonly Submission[]): Traced[] | undefined {
  let traced: Traced[] | undefined
  for (const { class: classId, trace } of group) {
    if (!trace) continue
    trace.sent()
    traced ??= []
    traced.push({ class: classId, trace, folded: false })
  }
  return traced
}

/** Makes the bookkeeping of traced batches; without any it does nothing. */
export function createTracedGroups(): TracedGroups {
  const groups = new Map<number, Traced[]>()
  const waiting = new Map<string, Traced[]>()
  let count = 0

  const wait = (traced: Traced) => {
    if (count >= MOST_WAITING) {
      waiting.clear()
      count = 0
    }
    const list = waiting.get(traced.class)
    if (list) list.push(traced)
    else waiting.set(traced.class, [traced])
    count += 1
  }

  return {
    sent(n, group) {
      const traced = tracedOf(group)
      if (traced) groups.set(n, traced)
      return traced !== undefined
    },
    stored(n, times) {
      if (!times) return void groups.delete(n)
      for (const traced of groups.get(n) ?? []) {
        traced.trace.stored(times)
        if (times.events > 0) wait(traced)
      }
    },
    folded(n, times) {
      for (const traced of groups.get(n) ?? []) {
        traced.folded = true
        traced.trace.folded(times)
        if (traced.frame) traced.trace.framed(traced.frame)
      }
      groups.delete(n)
    },
    framed({ class: classId, from, to }, times) {
      const list = waiting.get(classId)
      if (!list) return
      waiting.delete(classId)
      count -= list.length
      for (const traced of list) {
        traced.frame = { ...times, from, to }
        if (traced.folded) traced.trace.framed(traced.frame)
      }
    },
  }
}
