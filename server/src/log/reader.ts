import { emptyState } from '@lectern/protocol'
import type { ServerClock } from '../ingest/clock.ts'
import type { Followers } from '../live/followers.ts'
import { countClass } from '../live/class-counts.ts'
import { summarize } from '../live/summary.ts'
import type { ClassFold } from '../live/live.ts'
import type { LogStore } from '../store/store.ts'
import type { MatrixFrame } from './log.ts'
import type { Calls } from './wire.ts'

/** Answers the questions of the main thread; every answer is JSON bytes made here, so that the main thread moves bytes only. */
export interface Reader {
  state(ask: Calls['state']['ask']): Promise<Uint8Array>
  summary(ask: Calls['summary']['ask']): Promise<Uint8Array>
  counts(ask: Calls['counts']['ask']): Promise<Uint8Array>
  difference(ask: Calls['difference']['ask']): Promise<{ to: number; bytes: Uint8Array }>
  events(ask: Calls['events']['ask']): Promise<Uint8Array>
  studentEvents(ask: Calls['studentEvents']['ask']): Promise<Uint8Array>
  tops(): Promise<Map<string, number>>
  helpQueue(ask: Calls['helpQueue']['ask']): Promise<Uint8Array>
  matrix(ask: Calls['matrix']['ask']): Promise<MatrixFrame>
  /** Lets go of what was made of a class. */
  forget(classId: string): void
  firstEventAt(ask: Calls['firstEventAt']['ask']): Promise<number | undefined>
}

interface ReaderOptions {
  store: LogStore
  followers: Followers
  clock: ServerClock
}

const bytesOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))

/** Makes the reader. Snapshots are made once for all who ask at the same offset. */
export function createReader({ store, followers, clock }: ReaderOptions): Reader {
  const snapshots = new Map<string, { offset: number; text: string }>()
  const folds = new WeakMap<ClassFold, number>()
  let seen = 0

  function numberOf(fold: ClassFold): number {
    const n = folds.get(fold) ?? (seen += 1)
    folds.set(fold, n)
    return n
  }

  async function snapshot(classId: string): Promise<{ offset: number; text: string }> {
    const fold = await followers.fold(classId)
    const { offset, state } = fold.snapshot()
    const known = snapshots.get(classId)
    if (known?.offset === offset) return known
    const made = { offset, text: JSON.stringify(offset === 0 ? emptyState() : state) }
    snapshots.set(classId, made)
    return made
  }

  return {
    async state({ class: classId }) {
      const { offset, text } = await snapshot(classId)
      const hash = await followers.hash(classId)
      return Buffer.from(`{"offset":${offset},"hash":"${hash}","at":${clock.now()},${text.slice(1)}`)
    },
    async summary({ class: classId }) {
      return bytesOf(summarize((await followers.fold(classId)).snapshot().state, clock.now()))
    },
    async counts({ class: classId }) {
      return bytesOf(countClass((await followers.fold(classId)).snapshot().state, clock.now()))
    },
    async difference({ class: classId, since }) {
      const head = `"class":${JSON.stringify(classId)},"at":${clock.now()}`
      const fold = await followers.fold(classId)
      const found = since === undefined ? undefined : fold.since(since)
      if (found) {
        const changes = JSON.stringify(found.changes)
        const bytes = Buffer.from(
          `{"kind":"changes",${head},"from":${found.from},"to":${found.to},"changes":${changes}}`,
        )
        return { to: found.to, bytes }
      }
      const { offset, text } = await snapshot(classId)
      return { to: offset, bytes: Buffer.from(`{"kind":"snapshot",${head},"offset":${offset},"state":${text}}`) }
    },
    async events({ class: classId, after, limit }) {
      const events = await store.read(classId, after, limit)
      return bytesOf({ events, next: events.at(-1)?.offset ?? after })
    },
    async studentEvents({ class: classId, student, after, limit }) {
      const events = await store.readStudent(classId, student, { after, limit })
      return bytesOf({ events, next: events.at(-1)?.offset ?? after })
    },
    async tops() {
      const classes = await store.classes()
      return new Map(await Promise.all(classes.map(async (id) => [id, await store.top(id)] as const)))
    },
    async helpQueue({ class: classId }) {
      const { offset, state } = (await followers.fold(classId)).snapshot()
      return bytesOf({ kind: 'helpQueue', class: classId, offset, at: clock.now(), help: state.help })
    },
    async matrix({ class: classId, notebook, since }) {
      const found = await followers.fold(classId)
      const fold = numberOf(found)
      const changed = found.matrix(notebook, since?.fold === fold ? since.to : undefined)
      if (!changed) return { fold, to: found.offset }
      return {
        fold,
        to: changed.to,
        bytes: bytesOf({ kind: 'matrix', class: classId, notebook, at: clock.now(), ...changed }),
      }
    },
    forget: (classId) => void snapshots.delete(classId),
    async firstEventAt({ class: classId }) {
      const [first] = await store.read(classId, 0, 1)
      return first?.received
    },
  }
}
