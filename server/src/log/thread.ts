import { randomBytes } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { createMemoryBus } from '../bus/memory.ts'
import { createVault } from '../keys/vault.ts'
import { createServices } from '../services/services.ts'
import { openSqliteDatabase } from '../store/sqlite.ts'
import { openSqliteLog } from '../store/sqlite-log.ts'
import { createFoldLag } from './fold-lag.ts'
import { logServices, type LogParts, type OpenedLog } from './thread-services.ts'
import { createLogWork } from './work.ts'
import { toWire, type FromLog, type LogThreadData, type ToLog } from './wire.ts'

// The second wiring file: what runs in the log thread is named here, as app.ts names what runs in the main thread.

const STOP_WITHIN_MS = 10_000

const port = parentPort
if (!port) throw new Error('log/thread.ts runs as a worker thread only.')

function send(message: FromLog, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer)
}

function openLog({ vault: { keys, serverKey }, ...file }: LogThreadData): OpenedLog {
  const vault = createVault({ database: openSqliteDatabase(keys), serverKey, random: randomBytes })
  return { log: openSqliteLog({ ...file, vault }), isErased: (owner) => vault.erased(owner) }
}

async function start(): Promise<void> {
  const data = workerData as LogThreadData
  const declared = logServices({ openLog: () => openLog(data), makeBus: createMemoryBus, send })
  const services = createServices<LogParts>(declared, {
    sequential: data.sequential,
    // One part alone is not started again: the thread ends, and whoever holds it starts all of it.
    restarts: { firstMs: 0, mostMs: 0, most: 0, windowMs: 0 },
    onGiveUp: (error) => {
      throw error
    },
  })
  const began = performance.timeOrigin + performance.now()
  const report = await services.start()
  const close = async () => {
    const { services: ended } = await services.stop(STOP_WITHIN_MS)
    const bad = ended.find(({ outcome }) => outcome !== 'stopped')
    if (bad) throw bad.error ?? new Error(`The service "${bad.name}" did not stop in time.`)
  }
  const foldLag = createFoldLag(data.foldLag)
  const { store, ingest, live } = services.parts as LogParts
  const handle = createLogWork({ store, ingest, live, send, foldLag, close, health: () => services.health() })
  // One thing after the other: a group, then the next; a question sees every group before it.
  let last: Promise<void> = Promise.resolve()
  port?.on('message', (message: ToLog) => {
    last = last.then(() => handle(message))
  })
  send({ kind: 'ready', starts: report.services.map(({ name, at, ms }) => ({ name, at: began + at, ms })) })
}

try {
  await start()
} catch (error) {
  // Which part it was stands in the message; what kind of fault, in its cause.
  send({ kind: 'failed', error: toWire(error instanceof Error && error.cause ? error.cause : error) })
}
