import { createHash, randomBytes } from 'node:crypto'
import type { StoredEvent } from '@lectern/protocol'
import type { LogStore, NewEvent } from '../store/store.ts'
import type { ServerEvent } from './log.ts'

/** Install of the events that the server writes of a student: one of its own for each, so that every install has one order. */
function serverInstall(classId: string, student: string): string {
  const hex = createHash('sha256')
    .update(JSON.stringify(['server', classId, student]))
    .digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** UUIDv7 (RFC 9562) of the given time, ms since the epoch. */
function uuidV7(time: number): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(time, 0, 6)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

async function complete(events: readonly ServerEvent[], store: LogStore, received: number): Promise<NewEvent[]> {
  const next = new Map<string, number>()
  const made: NewEvent[] = []
  for (const { class: classId, student, type, data, notebook, cell } of events) {
    const key = JSON.stringify([classId, student])
    const install = serverInstall(classId, student)
    const seq = (next.get(key) ?? (await store.settledThrough(classId, student, install))) + 1
    next.set(key, seq)
    const times = { at: new Date(received).toISOString(), received, time: received }
    const place = { ...(notebook ? { notebook } : {}), ...(cell ? { cell } : {}) }
    const event = { class: classId, student, id: uuidV7(received), install, seq, type, data, ...place, ...times }
    made.push(event)
  }
  return made
}

/** Appends events of the server's own, durably, and gives them back by class, in offset order. */
export async function appendServerEvents(
  events: readonly ServerEvent[],
  store: LogStore,
  received: number,
): Promise<Map<string, StoredEvent[]>> {
  const made = await complete(events, store, received)
  const outcomes = await store.append({ events: made, refused: [] })
  const stored = new Map<string, StoredEvent[]>()
  for (const [index, { class: classId, ...event }] of made.entries()) {
    const kept = Object.assign(event, { offset: outcomes[index]?.offset ?? 0 }) as StoredEvent
    const list = stored.get(classId)
    if (list) list.push(kept)
    else stored.set(classId, [kept])
  }
  return stored
}
