import type { Matrix } from '../matrix/matrix.ts'
import type { Moment, StateSource } from '../live/state-source.ts'
import { createReplay, type Mark, type Replay, type Step } from './replay.ts'

/** How many times faster than the class. */
export const SPEEDS = [1, 2, 5, 10, 30, 60] as const
export type Speed = (typeof SPEEDS)[number]

const TICK_MS = 200
const NOTHING: Matrix | undefined = undefined

/** Where a replay is, and how far it has been loaded. Changes with every tick. */
export interface Playing {
  readonly time: number
  readonly from: number
  readonly to: number
  /** Until when it is loaded. */
  readonly until: number
  readonly isPlaying: boolean
  readonly speed: Speed
  readonly isWhole: boolean
  /** The server broke it off: what is loaded may be shown no longer (SPEC RPL-3). */
  readonly isBroken: boolean
  readonly progress: number
  readonly marks: readonly Mark[]
  readonly everyMs: number
}

/** What can be done with a replay. */
export interface ReplayControls {
  read(): Playing | undefined
  subscribe(listener: () => void): () => void
  play(): void
  pause(): void
  seek(time: number): void
  /** Goes so many steps on or back. */
  step(by: 1 | -1): void
  /** Goes to the next event to jump to, or the one before. */
  jump(by: 1 | -1): void
  setSpeed(speed: Speed): void
  /** The class at another time, for comparing. */
  at(time: number): Step | undefined
  /** The class at the end of what is loaded. */
  last(): Step | undefined
}

/** A replay that drives the views of a class. */
export interface ReplaySource extends StateSource {
  readonly isLive: false
  readonly controls: ReplayControls
  /** Takes lines as they are loaded. */
  add(lines: readonly string[]): void
  /** Nothing more will come. */
  loaded(): void
  end(): void
}

const clamp = (time: number, { from, until }: Pick<Playing, 'from' | 'until'>) => Math.min(Math.max(time, from), until)

function playingOf(replay: Replay, before: Playing | undefined): Playing | undefined {
  const { head, until, isWhole, progress, marks } = replay
  if (!head) return undefined
  const { from, to, everyMs } = head
  const kept = before ?? { time: from, isPlaying: false, speed: 10 as Speed }
  return { ...kept, isBroken: false, from, to, everyMs, until, isWhole, progress, marks }
}

interface ReplaySourceOptions {
  /** Milliseconds, monotonic. */
  readonly clock: () => number
  /** It is shown no more. */
  readonly onEnd: () => void
}

/** Makes a replay that stands at its beginning. */
export function createReplaySource({ clock, onEnd }: ReplaySourceOptions): ReplaySource {
  const replay = createReplay()
  const listeners = new Set<() => void>()
  let playing: Playing | undefined
  let moment: Moment | undefined
  let matrix: Matrix | undefined
  let timer: ReturnType<typeof setInterval> | undefined
  let tickedAt = 0
  let isLoading = true

  function renew(change: Partial<Playing> = {}): void {
    const now = playingOf(replay, playing)
    playing = now && { ...now, isBroken: !isLoading && !now.isWhole, ...change }
    if (playing) {
      const step = replay.at(playing.time)
      moment = step && { state: step.state, offset: step.offset, now: playing.time }
      matrix = step?.matrix
    }
    for (const listener of listeners) listener()
  }

  function tick(): void {
    if (!playing) return
    const now = clock()
    const time = clamp(playing.time + (now - tickedAt) * playing.speed, playing)
    tickedAt = now
    renew({ time })
    if (playing.isWhole && time >= playing.until) pause()
  }

  function pause(): void {
    clearInterval(timer)
    timer = undefined
    renew({ isPlaying: false })
  }

  const seek = (time: number): void => {
    if (playing) renew({ time: clamp(time, playing) })
  }
  const subscribe = (listener: () => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  return {
    isLive: false,
    read: () => moment,
    subscribe,
    matrix: { read: () => matrix ?? NOTHING, subscribe, follow: () => () => undefined },
    add(lines) {
      for (const line of lines) replay.add(line)
      renew()
    },
    loaded() {
      isLoading = false
      renew()
    },
    end() {
      clearInterval(timer)
      onEnd()
    },
    controls: {
      read: () => playing,
      subscribe,
      pause,
      seek,
      at: (time) => replay.at(time),
      last: () => replay.last,
      setSpeed: (speed) => renew({ speed }),
      play() {
        if (timer !== undefined || !playing) return
        // At the end it begins again.
        const time = playing.isWhole && playing.time >= playing.until ? playing.from : playing.time
        tickedAt = clock()
        timer = setInterval(tick, TICK_MS)
        renew({ isPlaying: true, time })
      },
      step: (by) => seek((playing?.time ?? 0) + by * (playing?.everyMs ?? 0)),
      jump(by) {
        const time = playing?.time ?? 0
        const found = by === 1 ? replay.marks.find(({ at }) => at > time) : replay.marks.findLast(({ at }) => at < time)
        if (found) seek(found.at)
      },
    },
  }
}
