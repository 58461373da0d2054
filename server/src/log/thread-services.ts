import { TIMES } from '@lectern/protocol'
import type { Bus } from '../bus/bus.ts'
import { createServerClock, type ServerClock } from '../ingest/clock.ts'
import { createIngest } from '../ingest/ingest.ts'
import type { Owner } from '../keys/vault.ts'
import { createFollowers, type Followers } from '../live/followers.ts'
import { declareServices } from '../services/services.ts'
import type { LogStore } from '../store/store.ts'
import { createLiveFeed, type LiveFeed } from './live-feed.ts'
import { createReader, type Reader } from './reader.ts'
import type { FromLog } from './wire.ts'

/** What is kept, and whose writing is gone. */
export interface OpenedLog {
  log: LogStore
  isErased: (owner: Owner) => boolean
}

/** What is made of the log for those who follow. */
export interface Live {
  followers: Followers
  feed: LiveFeed
  reader: Reader
}

/** The services of the log's thread, by name. */
export interface LogParts {
  /** `clock` gives what is kept its times. */
  store: OpenedLog & { clock: ServerClock }
  bus: Bus
  ingest: ReturnType<typeof createIngest>
  live: Live
}

interface LogServicesOptions {
  openLog: () => OpenedLog
  makeBus: () => Bus
  send: (message: FromLog) => void
}

const service = declareServices<LogParts>()

/** A machine whose clock was set back must not give times before those of the log (SPEC EVT-5). */
async function startAfter(log: LogStore, clock: ServerClock): Promise<void> {
  for (const classId of await log.classes()) {
    const [newest] = await log.read(classId, (await log.top(classId)) - 1, 1)
    if (newest) clock.notBefore(newest.received)
  }
}

/** The services that run in the log's thread; `LOG_SERVICES` names them for the outside. */
export function logServices({ openLog, makeBus, send }: LogServicesOptions) {
  return [
    service({
      name: 'store',
      needs: [],
      start: async () => {
        const { log, isErased } = openLog()
        const clock = createServerClock({ wall: Date.now, monotonic: () => performance.now() })
        await startAfter(log, clock)
        return { value: { log, clock, isErased }, stop: () => log.close(), health: () => log.probe() }
      },
    }),
    service({
      name: 'bus',
      needs: [],
      start: () => {
        const bus = makeBus()
        return { value: bus, stop: () => bus.close() }
      },
    }),
    service({
      name: 'ingest',
      needs: ['store'],
      start: ({ store: { log, clock, isErased } }) => {
        const take = createIngest({ store: log, clock, isErased })
        let failed = false
        const ingest: LogParts['ingest'] = async (batches) => {
          try {
            const result = await take(batches)
            failed = false
            return result
          } catch (error) {
            failed = true
            throw error
          }
        }
        const health = async () => {
          // Whoever asks may send nothing before this is well again: a write is tried.
          if (failed) await log.probe()
          failed = false
        }
        return { value: ingest, health }
      },
    }),
    service({
      name: 'live',
      needs: ['store', 'bus'],
      start: ({ store: { log, clock }, bus }) => {
        const followers = createFollowers(log)
        const feed = createLiveFeed({ bus, followers, clock, send, everyMs: TIMES.changesEveryMs })
        const reader = createReader({ store: log, followers, clock })
        return { value: { followers, feed, reader }, stop: () => feed.stop(), health: () => feed.health() }
      },
    }),
  ]
}
