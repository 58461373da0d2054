/** Server time that never goes back: the wall clock at start, moved on by the monotonic clock (SPEC EVT-5). */
export interface ServerClock {
  /** Milliseconds since the epoch, whole. */
  now(): number
  /** From now on never before `time`: what the log holds already. */
  notBefore(time: number): void
}

interface Sources {
  wall: () => number
  monotonic: () => number
}

/** Makes a clock; a wall clock that is set while the server runs has no effect on it. */
export function createServerClock({ wall, monotonic }: Sources): ServerClock {
  const start = wall() - monotonic()
  let last = 0
  return {
    now() {
      last = Math.max(last, Math.floor(start + monotonic()))
      return last
    },
    notBefore(time) {
      last = Math.max(last, time)
    },
  }
}
