import { helpAfter } from './help-word.ts'
import type { LecternEvent } from '../../../protocol/src/events.ts'
import {
  added,
  admitted,
  consented,
  counted,
  fitting,
  identityOf,
  newJoin,
  numbered,
  opened,
  OUTBOX_LIMITS,
  OutboxFullError,
  roomFor,
  withoutOutputs,
  type Draft,
  type Join,
  type JoinDetails,
  type OpenRun,
  type Outbox,
  type OutboxLimits,
} from './outbox.ts'

const lengthOf = (event: LecternEvent) => JSON.stringify(event).length
const bySeq = (events: Iterable<LecternEvent>) => [...events].toSorted((a, b) => a.seq - b.seq)

/** Joins and, by install and sequence number, their events. */
function createTables() {
  const joins = new Map<string, Join>()
  const tables = new Map<string, Map<number, LecternEvent>>()
  return {
    joins,
    events(install: string): Map<number, LecternEvent> {
      const found = tables.get(install) ?? new Map<number, LecternEvent>()
      tables.set(install, found)
      return found
    },
    forget(install: string): void {
      joins.delete(install)
      tables.delete(install)
    },
    change(install: string, next: (join: Join) => Join): void {
      const join = joins.get(install)
      if (join) joins.set(install, next(join))
    },
  }
}

/** An outbox that lives as long as the page, as its runs do: for browsers that block storage. Holds nothing that is settled. */
export function createMemoryOutbox(limits: OutboxLimits = OUTBOX_LIMITS): Outbox {
  const { joins, events, change, forget } = createTables()
  const runs = new Map<string, OpenRun>()
  const find = (details: JoinDetails) =>
    [...joins.values()].find((join) => identityOf(join.details) === identityOf(details))

  const makeRoom = (): void => {
    for (const { install } of joins.values()) {
      for (const [seq, event] of events(install)) {
        const small = withoutOutputs(event)
        if (!small) continue
        events(install).set(seq, small)
        const freed = lengthOf(event) - lengthOf(small)
        change(install, (join) => ({
          ...join,
          kept: { ...join.kept, bytes: join.kept.bytes - freed },
          shrunk: join.shrunk + 1,
        }))
      }
    }
  }
  const store = (install: string, draft: Draft): LecternEvent => {
    const join = joins.get(install)
    if (!join) throw new Error(`No join with install ${install}`)
    const next = numbered(join, draft)
    joins.set(install, { ...next.join, kept: added(join.kept, lengthOf(next.event)) })
    events(install).set(next.event.seq, next.event)
    return next.event
  }
  const keep: Outbox['keep'] = async (install, draft) => {
    const room = roomFor([...joins.values()], draft, limits)
    if (room === 'none') throw new OutboxFullError(`${limits.events} events or ${limits.bytes} bytes are waiting`)
    const small = room === 'little' ? withoutOutputs(draft) : undefined
    if (!small) return store(install, draft)
    makeRoom()
    change(install, (join) => ({ ...join, shrunk: join.shrunk + 1 }))
    return store(install, small)
  }
  const drop = (install: string, event: LecternEvent): boolean => {
    const there = events(install).get(event.seq)
    if (!there) return false
    events(install).delete(event.seq)
    change(install, (join) => ({ ...join, kept: added(join.kept, lengthOf(there), -1) }))
    return true
  }

  return {
    kind: 'memory',
    async open(details, fresh, answer) {
      const join = opened(find(details) ?? newJoin(fresh, details), details, answer)
      joins.set(join.install, join)
      return join
    },
    find: async (details) => find(details),
    join: async (install) => joins.get(install),
    joins: async () => [...joins.values()],
    async admit(install, member) {
      change(install, (join) => admitted(join, member))
    },
    keep,
    // The page ends, and this outbox with it.
    leave: () => {},
    collect: async () => {},
    async begin(run) {
      runs.set(run.id, run)
    },
    async end(run, draft) {
      const note = runs.get(run)
      return note && runs.delete(run) ? keep(note.install, { ...draft, id: run }) : undefined
    },
    async drop(run) {
      runs.delete(run)
    },
    openRuns: async () => [...runs.values()],
    async tidy(now) {
      for (const { install } of joins.values()) {
        for (const event of events(install).values()) {
          if (Date.parse(event.at) >= now - limits.ageMs || !drop(install, event)) continue
          change(install, (join) => ({ ...join, expired: join.expired + 1 }))
        }
      }
    },
    async resume(install, through) {
      change(install, (join) => ({ ...join, through }))
      return 0
    },
    async oldest(install, size) {
      const waiting = bySeq(events(install).values()).slice(0, size.events)
      return waiting.slice(0, fitting(waiting.map(lengthOf), size))
    },
    async settle(install, settled, now) {
      const present = settled.filter(({ event }) => drop(install, event))
      change(install, (join) => counted(join, present, now))
    },
    async helpIs(install, word) {
      const help = joins.get(install)?.help
      if (help?.seq !== undefined && events(install).has(help.seq) && word.open !== help.open) return
      change(install, (join) => ({ ...join, help: helpAfter(join.help, word) }))
    },
    async forget(install) {
      forget(install)
      for (const run of runs.values()) if (run.install === install) runs.delete(run.id)
    },
    async consentIs(install, consent) {
      change(install, (join) => consented(join, consent))
    },
    waiting: async (install) => events(install).size,
    close: () => {},
  }
}
