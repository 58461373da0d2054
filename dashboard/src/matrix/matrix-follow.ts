import type { ClientMessage, MatrixMessage } from '@lectern/protocol'
import { createFrameStore } from '../live/frame-store.ts'
import { applyMatrix, type Matrix } from './matrix.ts'

/** Where the matrix of a notebook comes from. Nothing is fetched before somebody looks at it. */
export interface MatrixSource {
  /** The matrix of the notebook that is followed, as far as it is there. */
  read(): Matrix | undefined
  /** Follows a notebook until the returned function is called; another one takes its place. */
  follow(notebook: string): () => void
  subscribe(listener: () => void): () => void
}

interface MatrixFollowOptions {
  readonly classId: string
  /** Sends to the server, if there is an open socket. */
  readonly send: (message: ClientMessage) => void
  /** Runs its argument with the next frame. */
  readonly schedule: (flush: () => void) => void
}

/** The live matrix of one class, over the socket of the page. */
export interface MatrixFollow extends MatrixSource {
  /** The socket is open anew: what is followed is asked for. */
  opened(): void
  hear(frame: MatrixMessage): void
}

/** Follows the matrix of one notebook at a time (SPEC MTX-1, MTX-3). */
export function createMatrixFollow({ classId, send, schedule }: MatrixFollowOptions): MatrixFollow {
  const store = createFrameStore<Matrix | undefined>(undefined, schedule)
  let followed: { notebook: string } | undefined
  const ask = () => {
    if (followed) send({ kind: 'watch', topic: 'matrix', class: classId, notebook: followed.notebook })
  }
  return {
    read: store.get,
    subscribe: store.subscribe,
    opened: ask,
    hear(frame) {
      if (frame.class !== classId || frame.notebook !== followed?.notebook) return
      const next = applyMatrix(store.latest(), frame)
      if (next) store.set(next)
      else ask()
    },
    follow(notebook) {
      const mine = { notebook }
      if (followed?.notebook !== notebook) store.set(undefined)
      followed = mine
      ask()
      return () => {
        if (followed !== mine) return
        followed = undefined
        store.set(undefined)
        send({ kind: 'unwatch', topic: 'matrix', class: classId })
      }
    },
  }
}
