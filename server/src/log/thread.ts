import { randomBytes } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { TIMES } from '@lectern/protocol'
import { createMemoryBus } from '../bus/memory.ts'
import { createServerClock, type ServerClock } from '../ingest/clock.ts'
import { createIngest } from '../ingest/ingest.ts'
import { createFollowers } from '../live/followers.ts'
import { createVault, type Owner } from '../keys/vault.ts'
import { openSqliteDatabase } from '../store/sqlite.ts'
import { openSqliteLog } from '../store/sqlite-log.ts'
import type { LogStore } from '../store/store.ts'
import { createLiveFeed } from './live-feed.ts'
import { createFoldLag } from './fold-lag.ts'
import { createReader } from './reader.ts'
import { createLogWork } from './work.ts'
import { toWire, type FromLog, type LogThreadData, type ToLog } from './wire.ts'

// The second wiring file: what runs in the log thread is named here, as app.ts names what runs in the main thread.

const port = parentPort
if (!port) throw new Error('log/thread.ts runs as a worker thread only.')

function send(message: FromLog, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer)
}

/** A machine whose clock was set back must not give times before those of the log (SPEC EVT-5). */
async function startAfter(store: LogStore, clock: ServerClock): Promise<void> {
  for (const classId of await store.classes()) {
    const [newest] = await store.read(classId, (await store.top(classId)) - 1, 1)
    if (newest) clock.notBefore(newest.received)
  }
}

async function start(): Promise<void> {
  const data = workerData as LogThreadData
  const { keys, serverKey } = data.vault
  const vault = createVault({ database: openSqliteDatabase(keys), serverKey, random: randomBytes })
  const store = openSqliteLog({ ...data, vault })
  const clock = createServerClock({ wall: Date.now, monotonic: () => performance.now() })
  await startAfter(store, clock)
  const bus = createMemoryBus()
  const followers = createFollowers(store)
  const feed = createLiveFeed({ bus, followers, clock, send, everyMs: TIMES.changesEveryMs })
  const reader = createReader({ store, followers, clock })
  const isErased = (owner: Owner) => vault.erased(owner)
  const ingest = createIngest({ store, clock, isErased })
  const foldLag = createFoldLag(data.foldLag)
  const handle = createLogWork({ store, clock, followers, feed, reader, ingest, send, foldLag, isErased })
  // One thing after the other: a group, then the next; a question sees every group before it.
  let last: Promise<void> = Promise.resolve()
  port?.on('message', (message: ToLog) => {
    last = last.then(() => handle(message))
  })
  send({ kind: 'ready' })
}

try {
  await start()
} catch (error) {
  send({ kind: 'failed', error: toWire(error) })
}
