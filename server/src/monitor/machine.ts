import { statfsSync } from 'node:fs'
import { readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { memoryUsage } from 'node:process'

/** Each look at the loop wakes the process up; what it reports includes the time between two looks. */
const LOOP_LOOK_MS = 20
const NS_PER_MS = 1e6
const US_PER_MS = 1000
/** Files are looked at seldom: they change slowly. */
const DISK_EVERY_MS = 10_000

/** What the process takes of the machine. */
export interface MachineNumbers {
  cores: number
  residentBytes: number
  heapBytes: number
  loopMs: number
  diskFreeBytes: number
  diskTotalBytes: number
  databaseBytes: number
}

/** Measures the process and the disk of its data folder. */
export interface Machine {
  /** Rates and the delay of the loop are of the time since the last call. */
  measure(): MachineNumbers
  stop(): void
}

/** Bytes of the databases in a folder, with their write-ahead logs. */
async function databaseSize(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => /\.db(-wal|-shm)?$/.test(name))
  const sizes = await Promise.all(
    names.map(async (name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** Begins to measure. The values of the disk are those of the last look, at most 10 s ago. */
export function createMachine({ dataDir }: { dataDir: string }): Machine {
  const loop = monitorEventLoopDelay({ resolution: LOOP_LOOK_MS })
  loop.enable()
  const { bavail, blocks, bsize } = statfsSync(dataDir)
  let disk = { diskFreeBytes: bavail * bsize, diskTotalBytes: blocks * bsize, databaseBytes: 0 }
  let lookedAt = Number.NEGATIVE_INFINITY
  let cpu = process.cpuUsage()
  let at = performance.now()

  const lookAtDisk = async () => {
    const [{ bavail, blocks, bsize }, databaseBytes] = await Promise.all([statfs(dataDir), databaseSize(dataDir)])
    disk = { diskFreeBytes: bavail * bsize, diskTotalBytes: blocks * bsize, databaseBytes }
  }

  return {
    measure() {
      const now = performance.now()
      const used = process.cpuUsage()
      const ms = Math.max(1, now - at)
      const cores = (used.user - cpu.user + used.system - cpu.system) / US_PER_MS / ms
      const loopMs = loop.count === 0 ? 0 : Math.max(0, loop.percentile(99) / NS_PER_MS - LOOP_LOOK_MS)
      loop.reset()
      cpu = used
      at = now
      if (now - lookedAt >= DISK_EVERY_MS) {
        lookedAt = now
        // The folder may be gone while the server stops; what was seen last stays.
        lookAtDisk().catch(() => undefined)
      }
      const { rss, heapUsed } = memoryUsage()
      return { cores, residentBytes: rss, heapBytes: heapUsed, loopMs, ...disk }
    },
    stop: () => void loop.disable(),
  }
}
