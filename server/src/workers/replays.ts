import { Readable } from 'node:stream'
import type { ReplayQuery } from '@lectern/protocol'
import { CodedError } from '../errors.ts'
import { topOf, type KindParts } from './kinds.ts'
import type { Pool } from './pool.ts'

/** Replays at once: each takes a thread while it is read. */
const MOST_AT_ONCE = 2
const RETRY_SECONDS = 10
/** A reader that takes nothing for so long is given up. */
const TAKEN_WITHIN_MS = 60_000

interface Running {
  class: string
  abort: AbortController
}

interface ReplaysOptions {
  pool: Pick<Pool, 'stream'>
  parts: KindParts
}

/** Lessons that are gone through again, each in a thread, while somebody reads. */
export interface Replays {
  /** The lines of a replay as bytes (SPEC RPL-1). Throws `overloaded` while as many as may are read already. */
  open(classId: string, asked: ReplayQuery): Promise<Readable>
  /** Breaks off those of a class: somebody in it was erased, or shares no more. */
  forget(classId: string): void
  stop(): void
}

/** Makes the replays over the pool. */
export function createReplays({ pool, parts }: ReplaysOptions): Replays {
  const running = new Set<Running>()
  const end = (isOf: (classId: string) => boolean, why: string) => {
    for (const { class: classId, abort } of running) if (isOf(classId)) abort.abort(new Error(why))
  }

  async function* lines(one: Running, input: object): AsyncGenerator<Uint8Array> {
    const { abort } = one
    let late: NodeJS.Timeout | undefined
    try {
      for await (const part of pool.stream({ name: 'replayLesson', input, signal: abort.signal })) {
        late = setTimeout(() => abort.abort(new Error('Nobody reads the replay.')), TAKEN_WITHIN_MS).unref()
        yield part
        clearTimeout(late)
      }
    } finally {
      clearTimeout(late)
      running.delete(one)
    }
  }

  async function begin(one: Running, { from, to, notebook }: ReplayQuery): Promise<Readable> {
    const { of, live } = await topOf(parts, one.class)
    const asked = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
    const made = lines(one, { ...of, live, asked, ...(notebook === undefined ? {} : { notebook }) })
    // What goes wrong at the beginning is answered with its error; and once begun, it is ended by whoever leaves it.
    const first = await made.next()
    const stream = Readable.from(made, { objectMode: false })
    if (!first.done) stream.unshift(first.value)
    return stream
  }

  return {
    async open(classId, asked) {
      if (running.size >= MOST_AT_ONCE) {
        throw new CodedError('overloaded', 'Other lessons are gone through just now.', { retryAfter: RETRY_SECONDS })
      }
      const one = { class: classId, abort: new AbortController() }
      running.add(one)
      try {
        return await begin(one, asked)
      } catch (error) {
        running.delete(one)
        throw error
      }
    },
    forget: (classId) => end((id) => id === classId, 'What it reads of the class has changed.'),
    stop: () => end(() => true, 'The server stops.'),
  }
}
