import { on } from 'node:events'
import { MessageChannel } from 'node:worker_threads'
import { Piscina } from 'piscina'

const IDLE_MS = 10_000
const HEAP_WITHIN_MS = 200
/** Old and young heap of one thread, MiB; one that wants more ends, and its job alone fails. */
const OLD_MIB = 256
const YOUNG_MIB = 4

/** What a thread is handed: the input, and where it says how far it is (0 to 1). */
export interface Task {
  input: unknown
  progress: (done: number) => void
}

interface RunOptions {
  /** Name of the exported function of the thread's file. */
  name: string
  input: unknown
  signal: AbortSignal
  onProgress?: (done: number) => void
}

/** Threads for work that costs processor time. There is none before there is work. */
export interface Pool {
  run(options: RunOptions): Promise<unknown>
  /**
   * Runs a function of the thread that hands out bytes (`handOut`), and gives them on as they are made; the function waits
   * while nobody takes them. Ends with the function, or throws what it threw; aborted when it is left.
   */
  stream(options: Omit<RunOptions, 'onProgress'>): AsyncGenerator<Uint8Array>
  threads(): number
  crashes(): number
  /** Heap of all threads together, bytes. */
  heapBytes(): Promise<number>
  close(): Promise<void>
}

/** A thread that ended under its job, in words for an administrator. */
const CRASH = /worker exited|terminated due to reaching memory limit|Worker terminated/i

interface PoolOptions {
  /** File whose exported functions do the work; each is called with the input and the port for progress. */
  file: URL
  /** Most threads. */
  ceiling: number
}

async function heapOf(thread: Piscina['threads'][number]): Promise<number> {
  // A thread that is busy answers late; then it is left out.
  const late = new Promise<undefined>((resolve) => {
    setTimeout(() => resolve(undefined), HEAP_WITHIN_MS).unref()
  })
  const found = await Promise.race([thread.getHeapStatistics().catch(() => undefined), late])
  return found?.used_heap_size ?? 0
}

/** Makes the pool. */
export function createPool({ file, ceiling }: PoolOptions): Pool {
  const piscina = new Piscina({
    filename: file.href,
    minThreads: 0,
    maxThreads: ceiling,
    idleTimeout: IDLE_MS,
    concurrentTasksPerWorker: 1,
    // A thread that sleeps on shared memory between jobs can not be asked for its heap.
    atomics: 'disabled',
    resourceLimits: { maxOldGenerationSizeMb: OLD_MIB, maxYoungGenerationSizeMb: YOUNG_MIB },
  })
  let crashes = 0
  return {
    async run({ name, input, signal, onProgress }) {
      const { port1, port2 } = new MessageChannel()
      port1.on('message', (done: number) => onProgress?.(done))
      try {
        return await piscina.run({ input, port: port2 }, { name, signal, transferList: [port2] })
      } catch (error) {
        if (error instanceof Error && CRASH.test(error.message)) {
          crashes += 1
          throw new Error(`The thread ended under the job: ${error.message}`, { cause: error })
        }
        throw error
      } finally {
        port1.close()
      }
    },
    async *stream({ name, input, signal }) {
      const { port1, port2 } = new MessageChannel()
      const left = new AbortController()
      const ended = new AbortController()
      const handed = on(port1, 'message', { signal: ended.signal })
      const until = AbortSignal.any([signal, left.signal])
      const running = piscina.run({ input, port: port2 }, { name, signal: until, transferList: [port2] })
      running.catch((error: unknown) => ended.abort(error))
      try {
        for await (const [part] of handed as AsyncIterable<[Uint8Array | null]>) {
          if (part === null) break
          yield part
          port1.postMessage('taken')
        }
        await running
      } catch (error) {
        // Leaving `on` by its signal wraps what the function threw.
        throw ended.signal.aborted ? ended.signal.reason : error
      } finally {
        left.abort()
        port1.close()
      }
    },
    threads: () => piscina.threads.length,
    crashes: () => crashes,
    async heapBytes() {
      const all = await Promise.all(piscina.threads.map(heapOf))
      return all.reduce((sum, bytes) => sum + bytes, 0)
    },
    close: () => piscina.destroy(),
  }
}
