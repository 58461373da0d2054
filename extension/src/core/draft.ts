import type { EventType } from '../../../protocol/src/events.ts'
import { keepAtLevel, type CollectionLevel } from '../../../protocol/src/levels.ts'
import type { Captured } from './captured.ts'
import { uuid7, type RandomBytes } from './ids.ts'
import type { Draft } from './outbox.ts'

interface Parts {
  readonly clock: () => number
  readonly randomBytes: RandomBytes
  /** Id of this page's session. */
  readonly session: string
}

/** Types that are nothing without a member that is collected from this level on. */
const NOTHING_BELOW: { readonly [K in EventType]?: CollectionLevel } = { kernel_status: 1, custom: 1 }

/** The draft with no more than may be collected: of the rest nothing is kept, not even here. Undefined if nothing is left. */
export function limitedDraft(draft: Draft, level: CollectionLevel): Draft | undefined {
  const { type, data } = draft
  if (level < (NOTHING_BELOW[type] ?? 0)) return undefined
  return { ...draft, data: keepAtLevel(type, data as Readonly<Record<string, unknown>>, level) }
}

/** The event that was captured, whole: what may be collected is known when its turn has come. */
export function createDraft(
  { type, notebook, cell, data = {}, at }: Captured,
  { clock, randomBytes, session }: Parts,
): Draft {
  const when = at ?? clock()
  return {
    id: uuid7(when, randomBytes),
    type,
    at: new Date(when).toISOString(),
    session,
    ...(notebook ? { notebook } : {}),
    ...(cell ? { cell } : {}),
    data,
  }
}
