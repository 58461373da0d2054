import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { VaultFiles } from '../keys/vault.ts'
import type { InnerStart } from '../services/inner.ts'
import { DATA_FILES } from '../store/data-files.ts'
import { LogClient, type LogObserver } from './client.ts'
import { createFoldLag } from './fold-lag.ts'
import type { Log, LogFile } from './log.ts'
import { fromWire, type FromLog, type LogThreadData } from './wire.ts'

interface StartLogOptions extends LogObserver {
  dataDir: string
  vault: VaultFiles
  synchronous?: LogFile['synchronous']
  /** Starts what is in the thread one after the other. */
  sequential?: boolean
}

/**
 * Starts the log thread over the log of a data directory and resolves when it serves.
 * Throws `storage_unavailable` with the reason when the file can not be used.
 */
export async function startLog(options: StartLogOptions): Promise<Log> {
  const { dataDir, vault, synchronous, sequential = false, ...observer } = options
  const file = join(dataDir, DATA_FILES.log)
  const foldLag = createFoldLag()
  const how = { sequential, ...(synchronous ? { synchronous } : {}) }
  const workerData: LogThreadData = { file, vault, foldLag: foldLag.buffer, ...how }
  const worker = new Worker(new URL('thread.ts', import.meta.url), { workerData, name: 'log' })
  const starts = await new Promise<InnerStart[]>((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', (message: FromLog) => {
      worker.off('error', reject)
      if (message.kind === 'ready') return resolve(message.starts)
      void worker.terminate()
      if (message.kind === 'failed') reject(fromWire(message.error))
    })
  })
  return new LogClient(worker, { ...observer, starts, foldLag: () => foldLag.behind() })
}
