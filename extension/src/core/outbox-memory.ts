import { helpAfter } from './help-word.ts'
import type { LecternEvent } from '../../../protocol/src/events.ts'
import {
  admitted,
  consented,
  counted,
  fitting,
  identityOf,
  newJoin,
  numbered,
  opened,
  type Join,
  type JoinDetails,
  type Outbox,
} from './outbox.ts'

/** An outbox that lives as long as the page: for browsers that block storage. */
export function createMemoryOutbox(): Outbox {
  const joins = new Map<string, Join>()
  const events = new Map<string, Map<number, LecternEvent>>()
  const eventsOf = (install: string) => {
    const found = events.get(install) ?? new Map<number, LecternEvent>()
    events.set(install, found)
    return found
  }
  const find = (details: JoinDetails) =>
    [...joins.values()].find((join) => identityOf(join.details) === identityOf(details))
  const change = (install: string, next: (join: Join) => Join) => {
    const join = joins.get(install)
    if (join) joins.set(install, next(join))
  }
  const keep: Outbox['keep'] = async (install, draft) => {
    const join = joins.get(install)
    if (!join) throw new Error(`No join with install ${install}`)
    const next = numbered(join, draft)
    joins.set(install, next.join)
    eventsOf(install).set(next.event.seq, next.event)
    return next.event
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
    async oldest(install, size) {
      const waiting = [...eventsOf(install).values()].slice(0, size.events)
      const sizes = waiting.map((event) => JSON.stringify(event).length)
      return waiting.slice(0, fitting(sizes, size))
    },
    async settle(install, settled, now) {
      const present = settled.filter(({ event }) => eventsOf(install).delete(event.seq))
      change(install, (join) => counted(join, present, now))
    },
    async helpIs(install, word) {
      const help = joins.get(install)?.help
      if (help?.seq !== undefined && eventsOf(install).has(help.seq) && word.open !== help.open) return
      change(install, (join) => ({ ...join, help: helpAfter(join.help, word) }))
    },
    async forget(install) {
      joins.delete(install)
      events.delete(install)
    },
    async consentIs(install, consent) {
      change(install, (join) => consented(join, consent))
    },
    waiting: async (install) => eventsOf(install).size,
    close: () => {},
  }
}
