import { keepAtLevel, type CollectionLevel } from '../../../protocol/src/levels.ts'
import type { Captured } from './client.ts'
import { uuid7, type RandomBytes } from './ids.ts'
import type { Draft } from './outbox.ts'

interface Parts {
  readonly clock: () => number
  readonly randomBytes: RandomBytes
  /** Id of this page's session. */
  readonly session: string
  readonly level: CollectionLevel
}

/** The event that was captured, with no more than may be collected: of the rest nothing is kept, not even here. */
export function createDraft(
  { type, notebook, cell, data = {}, at }: Captured,
  { clock, randomBytes, session, level }: Parts,
): Draft {
  const when = at ?? clock()
  return {
    id: uuid7(when, randomBytes),
    type,
    at: new Date(when).toISOString(),
    session,
    ...(notebook ? { notebook } : {}),
    ...(cell ? { cell } : {}),
    data: keepAtLevel(type, data as Readonly<Record<string, unknown>>, level),
  }
}
