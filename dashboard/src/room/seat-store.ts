import type { SeatOf, SeatPlace, Seats } from '@lectern/protocol'

/** Says which of all seats: `student s1`, `team Row 2`. */
export const seatKey = ({ kind, id }: SeatOf): string => `${kind} ${id}`

/** The plan of a room as the page knows it. */
export interface SeatView {
  /** Undefined until it is known. */
  readonly version: number | undefined
  readonly picture: Seats['picture']
  /** Those that stand somewhere, by `seatKey`. */
  readonly places: ReadonlyMap<string, SeatPlace>
  /** How many changes can be undone. */
  readonly undoable: number
  /** Why the last reading or writing failed; undefined since one went well. */
  readonly error: unknown
}

/** Seats of one class, in the shape of `useSyncExternalStore`. */
export interface SeatStore {
  get(): SeatView
  subscribe(listener: () => void): () => void
  /** Asks for what is new; resolves when it is there or has failed. */
  refresh(): Promise<void>
  /** Places, moves and takes away; it is seen at once, and undone again when the server does not take it. */
  place(places: readonly SeatPlace[]): Promise<void>
  /** Takes the last change back that was made here, whatever others did since. */
  undo(): Promise<void>
}

interface SeatStoreOptions {
  readonly read: (after: number) => Promise<Seats>
  readonly write: (places: readonly SeatPlace[]) => Promise<void>
  /** Milliseconds. */
  readonly clock: () => number
}

/** A change that was made here and is not yet known to be what everybody sees. */
interface Change {
  readonly place: SeatPlace
  is: 'queued' | 'sending' | 'sent'
}

/** What to do to take a change back. */
interface Step {
  readonly at: number
  readonly old: readonly SeatPlace[]
  /** Those of its changes that are still under way. */
  readonly changes: Set<Change>
}

const MOST_UNDONE = 50
/** A seat that is moved key by key is one step for who takes it back. */
const ONE_STEP_MS = 800

function withPlaces(places: SeatView['places'], changes: Iterable<SeatPlace>): SeatView['places'] {
  const next = new Map(places)
  for (const place of changes) {
    if (place.x === undefined || place.y === undefined) next.delete(seatKey(place))
    else next.set(seatKey(place), place)
  }
  return next
}

/**
 * Makes a store that reads only what is new (SPEC PLN-5). Over what the server has said lies what was changed here, until a
 * reading that began after the writing has told the outcome: nothing jumps back meanwhile. One request writes at a time, and
 * what is changed while it is under way goes together with the next.
 */
export function createSeatStore({ read, write, clock }: SeatStoreOptions): SeatStore {
  const listeners = new Set<() => void>()
  const changes = new Map<string, Change>()
  const steps: Step[] = []
  let known: SeatView['places'] = new Map()
  let view: SeatView = { version: undefined, picture: undefined, places: known, undoable: 0, error: undefined }
  let pumping: Promise<void> | undefined

  const show = (part: Partial<SeatView> = {}) => {
    const places = withPlaces(
      known,
      [...changes.values()].map(({ place }) => place),
    )
    view = { ...view, ...part, places, undoable: steps.length }
    for (const listener of listeners) listener()
  }
  const settle = (which: Iterable<Change>) => {
    for (const change of which) {
      const key = seatKey(change.place)
      if (changes.get(key) === change) changes.delete(key)
    }
  }

  async function refresh(): Promise<void> {
    const settled = [...changes.values()].filter(({ is }) => is === 'sent')
    try {
      const { version, picture, places } = await read(view.version ?? 0)
      if (version < (view.version ?? 0)) return
      const isSame = places.length === 0 && settled.length === 0 && view.version === version && view.error === undefined
      if (isSame && picture?.changedAt === view.picture?.changedAt) return
      known = withPlaces(known, places)
      settle(settled)
      show({ version, picture, error: undefined })
    } catch (error) {
      show({ error })
    }
  }

  async function sendAll(): Promise<void> {
    for (;;) {
      const batch = [...changes.values()].filter(({ is }) => is === 'queued')
      if (batch.length === 0) return
      for (const change of batch) change.is = 'sending'
      try {
        await write(batch.map(({ place }) => place))
        for (const change of batch) change.is = 'sent'
      } catch (error) {
        settle(batch)
        const lost = steps.findIndex((step) => batch.some((change) => step.changes.has(change)))
        if (lost >= 0) steps.splice(lost)
        show({ error })
        return
      }
    }
  }

  function pump(): Promise<void> {
    pumping ??= sendAll().finally(() => {
      pumping = undefined
    })
    return pumping.then(refresh)
  }

  /** Shows the changes, and has them written. */
  function apply(places: readonly SeatPlace[]): Set<Change> {
    const made = new Set<Change>()
    for (const place of places) {
      const change: Change = { place, is: 'queued' }
      changes.set(seatKey(place), change)
      made.add(change)
    }
    return made
  }

  function remember(old: readonly SeatPlace[], made: Set<Change>): void {
    const last = steps.at(-1)
    const isMove = (step: readonly SeatPlace[]) => step.length === 1 && step[0]?.x !== undefined
    const isSame = last?.old[0] && old[0] && seatKey(last.old[0]) === seatKey(old[0])
    if (last && isSame && isMove(last.old) && isMove(old) && clock() - last.at < ONE_STEP_MS) {
      steps.pop()
      steps.push({ at: clock(), old: last.old, changes: new Set([...last.changes, ...made]) })
    } else steps.push({ at: clock(), old, changes: made })
    if (steps.length > MOST_UNDONE) steps.shift()
  }

  return {
    get: () => view,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    refresh,
    place(places) {
      const old = places.map(({ kind, id }) => view.places.get(seatKey({ kind, id })) ?? { kind, id })
      remember(old, apply(places))
      show()
      return pump()
    },
    async undo() {
      const last = steps.pop()
      if (!last) return
      apply(last.old)
      show()
      await pump()
    },
  }
}
