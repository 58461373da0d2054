import type { LecternEvent } from '../../../protocol/src/events.ts'
import { keepAtLevel, type CollectionLevel } from '../../../protocol/src/levels.ts'
import { utf8Bytes } from './text.ts'

/** Of a body without events. */
const ENVELOPE_BYTES = 64

/**
 * The events of this page that are not acknowledged yet, in memory: a page that is being left has no time to read its
 * storage. They stay in the outbox; sending them twice is answered with `duplicate` (SPEC ING-3).
 */
export function createRecent() {
  let events: LecternEvent[] = []
  return {
    add(event: LecternEvent): void {
      events.push(event)
      if (events.length > 500) events = events.slice(-250)
    },
    forget(ids: ReadonlySet<string>): void {
      events = events.filter(({ id }) => !ids.has(id))
    },
    /** The oldest of them that fit into a request of so many bytes. */
    of({ install, level, bytes: most }: { install: string; level: CollectionLevel; bytes: number }): LecternEvent[] {
      let bytes = ENVELOPE_BYTES
      const fit: LecternEvent[] = []
      for (const event of events) {
        if (event.install !== install) continue
        const limited = atLevel(event, level)
        bytes += utf8Bytes(JSON.stringify(limited)) + 1
        if (bytes > most) break
        fit.push(limited)
      }
      return fit
    },
  }
}

/** The event with only what the class collects (SPEC LVL-1). */
export function atLevel(event: LecternEvent, level: CollectionLevel | undefined): LecternEvent {
  const data = event.data as Readonly<Record<string, unknown>>
  return { ...event, data: keepAtLevel(event.type, data, level ?? 0) } as LecternEvent
}
