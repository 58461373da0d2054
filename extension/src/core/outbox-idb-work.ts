import { helpAfter, type HelpWord } from './help-word.ts'
import type { LecternEvent } from '../../../protocol/src/events.ts'
import { changeJoin, ofInstall, type Kept, type Writing } from './outbox-idb-schema.ts'
import {
  added,
  counted,
  numbered,
  OutboxFullError,
  roomFor,
  withoutOutputs,
  type Draft,
  type Join,
  type OutboxLimits,
  type Settled,
} from './outbox.ts'

const lengthOf = (event: LecternEvent) => JSON.stringify(event).length

/** Takes the outputs out of everything that waits, and gives up what is held: room for what is still to come. */
async function makeRoom(tx: Writing): Promise<void> {
  await tx.objectStore('held').clear()
  const freed = new Map<string, { events: number; bytes: number }>()
  for (let cursor = await tx.objectStore('events').openCursor(); cursor; cursor = await cursor.continue()) {
    const { install, event, length } = cursor.value
    const small = withoutOutputs(event)
    if (!small) continue
    const now = lengthOf(small)
    await cursor.update({ ...cursor.value, event: small, length: now })
    const { events, bytes } = freed.get(install) ?? { events: 0, bytes: 0 }
    freed.set(install, { events: events + 1, bytes: bytes + length - now })
  }
  for (const { install } of await tx.objectStore('joins').getAll()) {
    const { events, bytes } = freed.get(install) ?? { events: 0, bytes: 0 }
    await changeJoin(tx, install, (join) => ({
      ...join,
      held: { events: 0, bytes: 0 },
      kept: { ...join.kept, bytes: join.kept.bytes - bytes },
      lean: join.kept.bytes - bytes,
      shrunk: join.shrunk + events,
    }))
  }
}

/** An event on its way into the outbox. */
interface Keeping {
  readonly install: string
  readonly draft: Draft
  readonly limits: OutboxLimits
}

/** Looking for outputs to leave out reads everything: not again before this part of the room was filled anew. */
const ROOM_STEP = 0.1

/** Keeps an event with the next number of its join. Throws OutboxFullError when there is no room. */
export async function keepIn(tx: Writing, { install, draft, limits }: Keeping): Promise<LecternEvent> {
  const joins = tx.objectStore('joins')
  const all = await joins.getAll()
  const row = all.find((join) => join.install === install)
  if (!row) throw new Error(`No join with install ${install}`)
  const room = roomFor(all, draft, limits)
  if (room === 'none') throw new OutboxFullError(`${limits.events} events or ${limits.bytes} bytes are waiting`)
  const small = room === 'little' ? withoutOutputs(draft) : undefined
  const filled = all.reduce((sum, { kept, lean }) => sum + kept.bytes - lean, 0)
  if (room === 'little' && filled > limits.bytes * ROOM_STEP) {
    await makeRoom(tx)
    return keepIn(tx, { install, draft, limits })
  }
  const { identity, ...join } = row
  const next = numbered(join, small ?? draft)
  const { event } = next
  const length = lengthOf(event)
  const shrunk = join.shrunk + (small ? 1 : 0)
  await joins.put({ ...next.join, kept: added(join.kept, length), shrunk, identity })
  await tx.objectStore('events').add({ install, seq: event.seq, length, event })
  return event
}

/** What pages that were left have written; each goes to its join in the same transaction in which it is deleted. */
export async function collectIn(tx: Writing, limits: OutboxLimits): Promise<void> {
  for (let cursor = await tx.objectStore('leavings').openCursor(); cursor; cursor = await cursor.continue()) {
    const { install, draft } = cursor.value
    await cursor.delete()
    if (await tx.objectStore('joins').getKey(install)) await keepIn(tx, { install, draft, limits })
  }
}

interface Ending {
  readonly run: string
  readonly draft: Draft
  readonly limits: OutboxLimits
}

/** Puts the event of a run in the place of its note; undefined if there is no note. */
export async function endIn(tx: Writing, { run, draft, limits }: Ending): Promise<LecternEvent | undefined> {
  const note = await tx.objectStore('runs').get(run)
  if (!note) return undefined
  await tx.objectStore('runs').delete(run)
  return keepIn(tx, { install: note.install, draft: { ...draft, id: run }, limits })
}

interface Holding {
  readonly install: string
  readonly settled: readonly Settled[]
  readonly now: number
  readonly limits: OutboxLimits
}

/** Drops the oldest of what is held until it is within its bounds. */
async function trimHeld(tx: Writing, install: string, limits: OutboxLimits): Promise<void> {
  const row = await tx.objectStore('joins').get(install)
  let held = row?.held ?? { events: 0, bytes: 0 }
  let cursor = await tx.objectStore('held').openCursor(ofInstall(install))
  while (cursor && (held.events > limits.held.events || held.bytes > limits.held.bytes)) {
    held = added(held, cursor.value.length, -1)
    await cursor.delete()
    cursor = await cursor.continue()
  }
  if (row) await tx.objectStore('joins').put({ ...row, held })
}

/** What an acknowledgement named waits no longer; what the server took is held for a while. */
export async function holdIn(tx: Writing, { install, settled, now, limits }: Holding): Promise<void> {
  const events = tx.objectStore('events')
  const rows = await Promise.all(settled.map(({ event }) => events.get([install, event.seq])))
  const present = settled.filter((_, index) => rows[index] !== undefined)
  const gone = rows.filter((row) => row !== undefined)
  const taken = settled.flatMap(({ status }, index) => (status === 'refused' ? [] : [rows[index]]))
  const held = taken.filter((row): row is Kept => row !== undefined)
  await Promise.all(gone.map(({ seq }) => events.delete([install, seq])))
  await Promise.all(held.map((row) => tx.objectStore('held').put({ ...row, at: now })))
  await changeJoin(tx, install, (join) => ({
    ...counted(join, present, now),
    kept: gone.reduce((amount, { length }) => added(amount, length, -1), join.kept),
    lean: 0,
    held: held.reduce((amount, { length }) => added(amount, length), join.held),
  }))
  await trimHeld(tx, install, limits)
}

/** Takes the server's word on the request for help, unless one of ours is still on its way. */
export async function helpIn(tx: Writing, install: string, word: HelpWord): Promise<void> {
  const help = (await tx.objectStore('joins').get(install))?.help
  const key = help?.seq === undefined ? undefined : await tx.objectStore('events').getKey([install, help.seq])
  if (key !== undefined && word.open !== help?.open) return
  await changeJoin(tx, install, (join) => ({ ...join, help: helpAfter(join.help, word) }))
}

/** Lets wait again what the server has lost. */
export async function resumeIn(tx: Writing, install: string, through: number): Promise<number> {
  const row = await tx.objectStore('joins').get(install)
  if (!row) return 0
  const lost = through < row.through ? await tx.objectStore('held').getAll(ofInstall(install, through)) : []
  for (const { at: _at, ...kept } of lost) {
    await tx.objectStore('events').put(kept)
    await tx.objectStore('held').delete([install, kept.seq])
  }
  const sum = (amount: Join['kept'], by: 1 | -1) => lost.reduce((all, { length }) => added(all, length, by), amount)
  await changeJoin(tx, install, (join) => ({
    ...join,
    through,
    sent: join.sent - lost.length,
    kept: sum(join.kept, 1),
    held: sum(join.held, -1),
  }))
  return lost.length
}

/** Gives up waiting events of a class that is long over, and what was held long enough. */
export async function tidyIn(tx: Writing, now: number, limits: OutboxLimits): Promise<void> {
  const old = IDBKeyRange.upperBound(now - limits.heldMs)
  for (
    let cursor = await tx.objectStore('held').index('at').openCursor(old);
    cursor;
    cursor = await cursor.continue()
  ) {
    const { install, length } = cursor.value
    await cursor.delete()
    await changeJoin(tx, install, (join) => ({ ...join, held: added(join.held, length, -1) }))
  }
  for (const { install } of await tx.objectStore('joins').getAll()) {
    let cursor = await tx.objectStore('events').openCursor(ofInstall(install))
    // The oldest stand first: the rest is younger.
    while (cursor && Date.parse(cursor.value.event.at) < now - limits.ageMs) {
      const { length } = cursor.value
      await cursor.delete()
      await changeJoin(tx, install, (join) => ({
        ...join,
        kept: added(join.kept, length, -1),
        expired: join.expired + 1,
      }))
      cursor = await cursor.continue()
    }
  }
  for (const { id, at } of await tx.objectStore('runs').getAll()) {
    if (at < now - limits.ageMs) await tx.objectStore('runs').delete(id)
  }
}
