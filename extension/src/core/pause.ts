/** Until when nothing is captured, in ms of this computer's clock; `resumed`: until the person says so. */
export type PausedUntil = number | 'resumed' | undefined

interface Parts {
  /** Shared by the tabs of the browser, so that a pause holds in all of them and after a reload. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  readonly clock: () => number
  /** Calls `work` at the time `at`; the answer calls it off. */
  readonly wake: (at: number, work: () => void) => () => void
  /** Told what is in force from now on. */
  readonly onChange: (until: PausedUntil) => void
}

const KEY = 'lectern:paused'

/** A pause that the person takes from being watched. */
export interface Pause {
  until(): PausedUntil
  /** For `ms`, or until it is ended. */
  begin(ms: number | undefined): void
  end(): void
  /** Another tab may have changed it. */
  look(): void
}

/** Reads the pause that is in force, and keeps it. */
export function createPause({ storage, clock, wake, onChange }: Parts): Pause {
  let callOff: (() => void) | undefined
  let last: PausedUntil

  const read = (): PausedUntil => {
    const kept = storage.getItem(KEY)
    if (kept === 'resumed') return 'resumed'
    const until = Number(kept)
    return kept !== null && until > clock() ? until : undefined
  }
  const look = () => {
    const now = read()
    callOff?.()
    callOff = typeof now === 'number' ? wake(now, look) : undefined
    if (now === last) return
    last = now
    onChange(now)
  }
  return {
    until: read,
    begin(ms) {
      storage.setItem(KEY, ms === undefined ? 'resumed' : String(clock() + ms))
      look()
    },
    end() {
      storage.removeItem(KEY)
      look()
    },
    look,
  }
}
