import type { ClassState } from '@lectern/protocol'
import type { MatrixSource } from '../matrix/matrix-follow.ts'
import type { ReplayControls } from '../replay/replay-source.ts'
import type { LiveView } from './live-client.ts'

const SECOND_MS = 1_000

/** The class at one moment. The object stays the same as long as nothing in it changes. */
export interface Moment {
  readonly state: ClassState
  readonly offset: number
  /** The time at which the state is looked at, in whole seconds: ms of the server's clock. */
  readonly now: number
}

/** Where the views of a class have their state from: the live connection, or a replay of the log. */
export interface StateSource {
  /** False for a source that shows what was: views offer no action on it. */
  readonly isLive: boolean
  /** Undefined before the first state. */
  read(): Moment | undefined
  subscribe(listener: () => void): () => void
  /** How far each student is with each cell of a notebook, where the source can tell. */
  readonly matrix?: MatrixSource
  /** How it is moved through time, where it can be. */
  readonly controls?: ReplayControls
  /** Called when it is shown no more. */
  end?(): void
}

/** What a live source is made over. */
export interface LiveSourceOptions {
  readonly view: () => LiveView
  readonly subscribe: (listener: () => void) => () => void
  /** This computer's clock, ms. */
  readonly clock: () => number
  readonly matrix?: MatrixSource
}

/** The source of the class as it is. Its time moves on every second, and with every change of the state. */
export function createLiveSource({ view, subscribe, clock, matrix }: LiveSourceOptions): StateSource {
  const listeners = new Set<() => void>()
  let moment: Moment | undefined
  let from: LiveView['held']
  let stop: (() => void) | undefined

  const take = () => {
    const { held, skew } = view()
    from = held
    moment = held && {
      state: held.state,
      offset: held.offset,
      now: Math.floor((clock() + skew) / SECOND_MS) * SECOND_MS,
    }
  }
  const renew = () => {
    take()
    for (const listener of listeners) listener()
  }
  const start = () => {
    const timer = setInterval(renew, SECOND_MS)
    const leave = subscribe(() => {
      if (view().held !== from) renew()
    })
    return () => {
      clearInterval(timer)
      leave()
    }
  }
  return {
    isLive: true,
    ...(matrix ? { matrix } : {}),
    read() {
      if (view().held !== from) take()
      return moment
    },
    subscribe(listener) {
      listeners.add(listener)
      stop ??= start()
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        stop?.()
        stop = undefined
      }
    },
  }
}
