import { CLOSE_CODES, type CloseCode, type ConnectionInfo, type ConnectionTotals } from '@lectern/protocol'
import type { Session } from './session.ts'

/** What one connection costs is worth saying when so many have come since the last look. */
const WORTH_MEASURING = 50
const COST_EVERY_MS = 2_000

/** Kind of a socket as an administrator sees it. */
export type ConnectionKind = ConnectionInfo['kind']

function kindOf({ state }: Session): ConnectionKind {
  return state.is === 'staff' && state.principal.role === 'admin' ? 'admin' : state.is
}

function rightsOf({ state }: Session): string[] {
  if (state.is === 'student') return ['events', 'help']
  if (state.is !== 'staff') return []
  return state.principal.role === 'admin' ? ['staff', 'admin'] : ['staff']
}

function topicsOf({ state }: Session): { classes: string[]; topics: string[] } {
  if (state.is === 'student') return { classes: [state.principal.class.id], topics: ['student'] }
  if (state.is !== 'staff') return { classes: [], topics: [] }
  const { subscriptions, help, matrix, system } = state
  const topics = [
    ...(subscriptions.size > 0 ? ['class'] : []),
    ...(help.size > 0 ? ['help'] : []),
    ...(matrix.size > 0 ? ['matrix'] : []),
    ...(system ? ['system'] : []),
  ]
  return { classes: [...new Set([...subscriptions.keys(), ...help, ...matrix.keys()])], topics }
}

interface RegistryOptions {
  /** Wall clock and monotonic clock, ms. */
  clock: () => number
  now: () => number
  residentBytes: () => number
  /** Messages merged into a later one so far. */
  merges: () => number
}

/** Every socket of the server, and what became of those that are gone. */
export interface Registry extends Iterable<Session> {
  readonly size: number
  add(session: Session): void
  remove(session: Session, code: number): void
  find(id: string): Session | undefined
  /** A socket took up a class where another had left it. */
  resumed(session: Session): void
  /** An upgrade was refused because too many came at once. */
  refused(): void
  /** Looks now and then at what connections cost. */
  tend(): void
  totals(): ConnectionTotals
  /** The newest first. */
  list(filter: { kind?: ConnectionKind | undefined; limit: number }): ConnectionInfo[]
}

const reasonOf = (code: number): string =>
  Object.hasOwn(CLOSE_CODES, code) ? CLOSE_CODES[code as CloseCode].reason : 'the network or the peer'

/**
 * Resident bytes a connection: what the process grew by while sockets came, divided by their number. A rough number of a live
 * process, given only when many came between two looks; `bench memory` measures it in quiet.
 */
function createCostWatch({ now, residentBytes }: RegistryOptions) {
  let base: { count: number; bytes: number } | undefined
  let lookedAt = Number.NEGATIVE_INFINITY
  let each: number | undefined
  return {
    look(count: number): void {
      if (now() - lookedAt < COST_EVERY_MS) return
      lookedAt = now()
      const bytes = residentBytes()
      const grown = base && bytes - base.bytes
      if (base && grown !== undefined && count - base.count >= WORTH_MEASURING && grown > 0) {
        each = Math.round(grown / (count - base.count))
      }
      // Growth is counted from the last look at which no socket had come.
      if (!base || count <= base.count) base = { count, bytes }
    },
    each: () => each,
  }
}

/** Makes the registry. */
export function createRegistry(options: RegistryOptions): Registry {
  const { clock, now, merges } = options
  const sessions = new Map<string, Session>()
  const closes = new Map<number, number>()
  const cost = createCostWatch(options)
  let resumes = 0
  let refused = 0

  const infoOf = (session: Session): ConnectionInfo => ({
    id: session.id,
    kind: kindOf(session),
    ...topicsOf(session),
    rights: rightsOf(session),
    since: Math.round(clock() - (now() - session.openedAt)),
    heardAt: Math.round(clock() - (now() - session.heardAt)),
    queuedBytes: session.queuedBytes,
    resumes: session.resumes,
  })

  return {
    get size() {
      return sessions.size
    },
    [Symbol.iterator]: () => sessions.values(),
    add: (session) => void sessions.set(session.id, session),
    remove(session, code) {
      if (sessions.delete(session.id)) closes.set(code, (closes.get(code) ?? 0) + 1)
    },
    find: (id) => sessions.get(id),
    resumed(session) {
      session.resumes += 1
      resumes += 1
    },
    refused: () => void (refused += 1),
    tend: () => cost.look(sessions.size),
    totals() {
      const kinds: Record<string, number> = { greeting: 0, student: 0, staff: 0, admin: 0, closing: 0 }
      let queuedBytes = 0
      for (const session of sessions.values()) {
        const kind = kindOf(session)
        kinds[kind] = (kinds[kind] ?? 0) + 1
        queuedBytes += session.queuedBytes
      }
      const bytesEach = cost.each()
      return {
        open: sessions.size,
        kinds,
        queuedBytes,
        resumes,
        merges: merges(),
        refused,
        closes: [...closes]
          .toSorted(([a], [b]) => a - b)
          .map(([code, count]) => ({ code, reason: reasonOf(code), count })),
        ...(bytesEach === undefined ? {} : { bytesEach }),
      }
    },
    list: ({ kind, limit }) =>
      [...sessions.values()]
        .toReversed()
        .filter((session) => kind === undefined || kindOf(session) === kind)
        .slice(0, limit)
        .map(infoOf),
  }
}
