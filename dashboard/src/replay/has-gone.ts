import type { ClassState } from '@lectern/protocol'
import type { Moment } from '../live/state-source.ts'

/** Somebody who came so lately may be in the replay before the live state has come. */
const LATELY_MS = 10_000

/** True if somebody of a replay was erased meanwhile, or shares no more, so that it may not be shown any longer (SPEC RPL-3). */
export function hasGone(replayed: ClassState | undefined, { state, now }: Pick<Moment, 'state' | 'now'>): boolean {
  return Object.entries(replayed?.students ?? {}).some(([id, student]) => {
    const known = state.students[id]
    if (!known) return student.firstAt < now - LATELY_MS
    return known.sharing === false && student.sharing !== false
  })
}
