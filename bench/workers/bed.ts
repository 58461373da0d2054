import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteDatabase } from '../../server/src/store/sqlite.ts'
import { createJobs, type Jobs } from '../../server/src/workers/jobs.ts'
import type { JobKind, KindParts } from '../../server/src/workers/kinds.ts'
import { createPool, type Pool } from '../../server/src/workers/pool.ts'
import type { WorkDatabase } from '../../server/src/workers/schema.ts'
import { openWork } from '../../server/src/workers/work.ts'
import { Workers } from '../../server/src/workers/workers.ts'

const ROWS_AT_ONCE = 500
const STOP_WITHIN_MS = 1_000
const THREADS = new URL('threads.ts', import.meta.url)

const kind = (thread: string): JobKind => ({
  what: thread,
  ofClass: false,
  thread,
  timeoutMs: 30_000,
  attempts: 2,
  priority: 0,
  prepare: async (payload) => payload,
})

/** The worker system of the server over kinds of the measurement's own, on a database of its own. */
export interface Bed extends AsyncDisposable {
  readonly folder: string
  readonly jobs: Jobs
  readonly pool: Pool
  readonly workers: Workers
  /** Adds so many jobs of a kind in one step. */
  add(kind: string, count: number): Promise<void>
}

async function addAll(db: WorkDatabase, name: string, count: number): Promise<void> {
  const at = Date.now()
  const row = { kind: name, payload: '{}', state: 'waiting', priority: 0, attempts: 0, max_attempts: 2 } as const
  await db.transaction().execute(async (tx) => {
    for (let left = count; left > 0; left -= ROWS_AT_ONCE) {
      const rows = Array.from({ length: Math.min(left, ROWS_AT_ONCE) }, () => ({ ...row, created_at: at, due_at: at }))
      await tx.insertInto('jobs').values(rows).execute()
    }
  })
}

/** Starts a worker system with exactly so many jobs at once. */
export async function startBed(threads: number): Promise<Bed> {
  const folder = mkdtempSync(join(tmpdir(), 'lectern-bench-'))
  const db = await openWork({ database: openSqliteDatabase(join(folder, 'work.db')), clock: Date.now })
  const jobs = createJobs({ db, clock: Date.now, random: Math.random })
  const pool = createPool({ file: THREADS, ceiling: threads })
  const workers = new Workers({
    jobs,
    pool,
    kinds: { fold: kind('fold'), recover: kind('recover') },
    parts: { dataDir: folder } as KindParts,
    floor: threads,
    ceiling: threads,
    putOff: () => false,
    onFailure: () => {},
    clock: Date.now,
  })
  return {
    folder,
    jobs,
    pool,
    workers,
    add: (name, count) => addAll(db, name, count),
    async [Symbol.asyncDispose]() {
      await workers.stop(STOP_WITHIN_MS)
      await db.destroy()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
