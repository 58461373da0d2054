import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSqliteDatabase } from '../store/sqlite.ts'
import { createJobs, type Effect, type Jobs } from './jobs.ts'
import { KINDS, type JobKind, type KindParts } from './kinds.ts'
import { backOff, isRetried, POLICY } from './policy.ts'
import { createPool } from './pool.ts'
import type { WorkDatabase } from './schema.ts'
import { openWork } from './work.ts'
import { Workers } from './workers.ts'

const THREADS = new URL('../../test/job-kinds.ts', import.meta.url)
const FAST = { firstMs: 1, mostMs: 5 }

let folder: string
let db: WorkDatabase
let jobs: Jobs
const open: Workers[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lectern-work-'))
  db = await openWork({ database: openSqliteDatabase(join(folder, 'work.db')), clock: Date.now })
  await sql`CREATE TABLE effects (job INTEGER)`.execute(db)
  jobs = createJobs({ db, clock: Date.now, random: () => 0.5, policy: FAST })
})

afterEach(async () => {
  for (const workers of open.splice(0)) await workers.stop(1000)
  await db.destroy()
  rmSync(folder, { recursive: true, force: true })
})

const kind = (thread: string, more: Partial<JobKind> = {}): JobKind => ({
  what: thread,
  ofClass: false,
  thread,
  timeoutMs: 10_000,
  attempts: 3,
  priority: 0,
  prepare: async (payload) => payload,
  ...more,
})

interface Start {
  kinds: Record<string, JobKind>
  effects?: Record<string, Effect>
  ceiling?: number
  putOff?: (kind: JobKind) => boolean
}

function start({ kinds, effects = {}, ceiling = 2, putOff = () => false }: Start): Workers {
  const pool = createPool({ file: THREADS, ceiling })
  const parts = { dataDir: folder, logFiles: { file: join(folder, 'log.db') } } as unknown as KindParts
  const workers = new Workers({
    jobs,
    pool,
    kinds,
    parts,
    floor: ceiling,
    ceiling,
    putOff,
    effects,
    clock: Date.now,
    onFailure: () => {},
  })
  open.push(workers)
  return workers
}

const settled = async (most = 15_000): Promise<void> => {
  await expect
    .poll(async () => (({ waiting, running }) => waiting + running)(await jobs.counts()), { timeout: most })
    .toBe(0)
}

describe('jobs', () => {
  it('are done once, in the order of priority and age', async () => {
    const order: number[] = []
    const effects: Record<string, Effect> = { slow: async (_, { id }) => void order.push(id) }
    await jobs.add({ kind: 'slow', payload: { ms: 1 } })
    await jobs.add({ kind: 'slow', payload: { ms: 2 } })
    await jobs.add({ kind: 'slow', payload: { ms: 3 }, priority: 9 })
    start({ kinds: { slow: kind('slow') }, effects, ceiling: 1 }).wake()
    await settled()
    expect(order).toEqual([3, 1, 2])
    expect(await jobs.counts()).toEqual({ waiting: 0, running: 0, done: 3, dead: 0 })
  })

  it('are one while one with the same key waits or runs', async () => {
    const first = await jobs.add({ kind: 'slow', payload: {}, key: 'k' })
    expect((await jobs.add({ kind: 'slow', payload: {}, key: 'k' })).id).toBe(first.id)
    const [claimed] = await jobs.claim(1)
    expect((await jobs.add({ kind: 'slow', payload: {}, key: 'k' })).id).toBe(first.id)
    await jobs.finish(claimed!, null)
    expect((await jobs.add({ kind: 'slow', payload: {}, key: 'k' })).id).not.toBe(first.id)
  })

  it('are ended by the attempt that runs, not by one that was given up', async () => {
    await jobs.add({ kind: 'slow', payload: {} })
    const [first] = await jobs.claim(1)
    await jobs.handBack([first!.id])
    const [second] = await jobs.claim(1)
    expect(second?.attempts).toBe(1)
    await jobs.fail(second!, new Error('later'))
    await expect.poll(async () => (await jobs.claim(1)).length).toBe(1)
    expect(await jobs.finish(first!, 'late')).toBe(false)
    expect(await jobs.counts()).toMatchObject({ running: 1, done: 0 })
  })

  it('are tried again after the process was killed, but not for ever', async () => {
    const { id } = await jobs.add({ kind: 'slow', payload: {}, maxAttempts: 2 })
    for (const state of ['waiting', 'dead'] as const) {
      await jobs.claim(1)
      await jobs.takeOver()
      expect(await jobs.get(id)).toMatchObject({ state, reason: 'The server ended under the job.' })
    }
    expect(await jobs.get(id)).toMatchObject({ attempts: 2 })
  })

  it('are taken in the order of priority, then age, whatever the order they came in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: 0, max: 20 })), { maxLength: 30 }),
        fc.integer({ min: 1, max: 7 }),
        async (all, most) => {
          await db.deleteFrom('jobs').execute()
          let at = 0
          const timed = createJobs({ db, clock: () => at, random: () => 0.5 })
          for (const [priority, dueAt] of all) {
            at = dueAt
            await timed.add({ kind: 'slow', payload: { dueAt }, priority })
          }
          at = 20
          const taken: number[][] = []
          for (;;) {
            const some = await timed.claim(most)
            if (some.length === 0) break
            taken.push(...some.map(({ priority, due_at: dueAt, id }) => [priority, dueAt, id]))
          }
          const order = ([p = 0, d = 0, i = 0]: number[], [q = 0, e = 0, j = 0]: number[]) => q - p || d - e || i - j
          expect(taken).toEqual(taken.toSorted(order))
          expect(new Set(taken.map(([, , id]) => id)).size).toBe(all.length)
        },
      ),
      { numRuns: 30 },
    )
  })

  it('whose end could not be written are handed back as soon as it can', async () => {
    const workers = start({ kinds: { slow: kind('slow') } })
    const { id } = await jobs.add({ kind: 'slow', payload: { ms: 300 } })
    workers.wake()
    await expect.poll(async () => workers.info(await jobs.get(id)).progress).toBe(0.5)
    await sql`CREATE TRIGGER full BEFORE UPDATE ON jobs BEGIN SELECT RAISE(ABORT, 'full'); END`.execute(db)
    await expect.poll(async () => (await workers.describe()).pool.busy).toBe(0)
    expect(await jobs.get(id)).toMatchObject({ state: 'running' })
    await sql`DROP TRIGGER full`.execute(db)
    await settled()
    expect(await jobs.get(id)).toMatchObject({ state: 'done', attempts: 1 })
  })

  it('that were done long ago are forgotten, with the files they left; dead ones stay', async () => {
    const files = (dataDir: string, id: number) => [join(dataDir, `${id}.jsonl`)]
    const old = await jobs.add({ kind: 'slow', payload: {} })
    const dead = await jobs.add({ kind: 'slow', payload: {}, maxAttempts: 1 })
    for (const { id } of [old, dead]) writeFileSync(join(folder, `${id}.jsonl`), 'x')
    const [first, second] = await jobs.claim(2)
    await jobs.finish(first!, null)
    await jobs.fail(second!, new Error('no luck'))
    await db.updateTable('jobs').set({ ended_at: 0 }).execute()
    start({ kinds: { slow: kind('slow', { files }) } })
    await expect.poll(() => existsSync(join(folder, `${old.id}.jsonl`))).toBe(false)
    expect(await jobs.counts()).toMatchObject({ done: 0, dead: 1 })
    expect(existsSync(join(folder, `${dead.id}.jsonl`))).toBe(true)
  })

  it('are tried again with longer and longer waits, and are dead after the last, with the reason; replayed by hand', async () => {
    start({ kinds: { failing: kind('failing') } }).wake()
    const { id } = await jobs.add({ kind: 'failing', payload: {}, maxAttempts: 3 })
    await settled()
    expect(await jobs.get(id)).toMatchObject({ state: 'dead', attempts: 3, reason: 'no luck' })
    const [workers] = open
    await workers!.replay(id)
    await settled()
    expect(await jobs.get(id)).toMatchObject({ state: 'dead', attempts: 3 })
    await expect(jobs.replay(9999)).rejects.toMatchObject({ code: 'not_found' })
    await jobs.remove(id)
    await expect(jobs.get(id)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('are not tried again when the same would only fail again', async () => {
    start({ kinds: { failing: kind('failing') } }).wake()
    const { id } = await jobs.add({ kind: 'failing', payload: { code: 'not_found' } })
    await settled()
    expect(await jobs.get(id)).toMatchObject({ state: 'dead', attempts: 1 })
  })

  it('can be replayed only when they are dead, and removed only when they do not run', async () => {
    const { id } = await jobs.add({ kind: 'slow', payload: {} })
    await expect(jobs.replay(id)).rejects.toMatchObject({ code: 'conflict' })
    await jobs.claim(1)
    await expect(jobs.remove(id)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('of a kind that is put off wait, and others do not', async () => {
    let off = true
    const kinds = { slow: kind('slow', { sheds: 'exports' }), other: kind('slow') }
    const workers = start({ kinds, putOff: ({ sheds }) => sheds !== undefined && off })
    await workers.add('slow', {})
    const other = await workers.add('other', {})
    await expect.poll(async () => (await jobs.get(other.id)).state).toBe('done')
    expect(await jobs.counts()).toMatchObject({ waiting: 1 })
    off = false
    await settled()
    await expect(workers.add('nothing', {})).rejects.toMatchObject({ code: 'bad_request' })
    await expect(workers.add('toString', {})).rejects.toMatchObject({ code: 'bad_request' })
  })
})

describe('threads', () => {
  it('that end, run for ever or want too much memory take no other job with them', async () => {
    const kinds = {
      flaky: kind('flaky'),
      endless: kind('endless', { timeoutMs: 300 }),
      greedy: kind('greedy'),
      slow: kind('slow'),
    }
    const workers = start({ kinds, ceiling: 4 })
    const bad = [
      await jobs.add({
        kind: 'flaky',
        payload: { id: 1, attempt: 1, file: join(folder, 'f'), killIn: 1 },
        maxAttempts: 1,
      }),
      await jobs.add({ kind: 'endless', payload: {}, maxAttempts: 1 }),
      await jobs.add({ kind: 'greedy', payload: {}, maxAttempts: 1 }),
    ]
    const good = await Promise.all(Array.from({ length: 20 }, () => jobs.add({ kind: 'slow', payload: { ms: 20 } })))
    workers.wake()
    await settled(40_000)
    for (const { id } of good) expect(await jobs.get(id)).toMatchObject({ state: 'done', attempts: 1 })
    const reasons = await Promise.all(bad.map(async ({ id }) => (await jobs.get(id)).reason))
    expect(reasons[0]).toMatch(/thread ended/)
    expect(reasons[1]).toBe('not done after 300 ms')
    expect(reasons[2]).toMatch(/memory limit/)
    expect((await workers.describe()).pool.crashes).toBe(2)
  }, 60_000)

  it('say between jobs what memory they take', async () => {
    const workers = start({ kinds: { slow: kind('slow') } })
    expect((await workers.describe()).pool).toMatchObject({ threads: 0, heapBytes: 0 })
    await jobs.add({ kind: 'slow', payload: { ms: 1 } })
    workers.wake()
    await settled()
    await expect.poll(async () => (await workers.describe()).pool.heapBytes).toBeGreaterThan(1_000_000)
  })

  it('are handed what ran when the server stopped, without counting the attempt', async () => {
    const workers = start({ kinds: { slow: kind('slow') } })
    const { id } = await jobs.add({ kind: 'slow', payload: { ms: 60_000 } })
    workers.wake()
    await expect.poll(async () => workers.info(await jobs.get(id)).progress).toBe(0.5)
    await workers.stop(50)
    expect(await jobs.get(id)).toMatchObject({ state: 'waiting', attempts: 0 })
  })

  it('killed at random lose and double no effect over 10,000 jobs', async () => {
    const file = join(folder, 'in-thread')
    const killIn = 97
    const flaky = kind('flaky', {
      prepare: async (_, { id }) => ({ id, attempt: (await jobs.get(id)).attempts, file, killIn }),
    })
    const effects: Record<string, Effect> = {
      flaky: async (tx, { id }) => void (await sql`INSERT INTO effects VALUES (${id})`.execute(tx)),
    }
    const count = 10_000
    await db.transaction().execute(async (tx) => {
      for (let at = 0; at < count; at += 500) {
        await tx
          .insertInto('jobs')
          .values(
            Array.from({ length: 500 }, () => ({
              kind: 'flaky',
              payload: '{}',
              state: 'waiting' as const,
              priority: 0,
              attempts: 0,
              max_attempts: 10,
              created_at: 0,
              due_at: 0,
            })),
          )
          .execute()
      }
    })
    const workers = start({ kinds: { flaky }, effects, ceiling: Math.max(2, cpus().length) })
    workers.wake()
    await settled(100_000)
    expect(await jobs.counts()).toEqual({ waiting: 0, running: 0, done: count, dead: 0 })
    const judge = (ids: readonly number[]) => ({
      lost: count - new Set(ids).size,
      doubled: ids.length - new Set(ids).size,
    })
    const { rows } = await sql<{ job: number }>`SELECT job FROM effects`.execute(db)
    expect(judge(rows.map(({ job }) => job))).toEqual({ lost: 0, doubled: 0 })
    expect((await workers.describe()).pool.crashes).toBeGreaterThan(50)
    // The control: what the thread did by itself, outside the transaction that ends the job, is there twice.
    const inThread = readFileSync(file, 'utf8').trim().split('\n').map(Number)
    expect(judge(inThread).lost).toBe(0)
    expect(judge(inThread).doubled).toBeGreaterThan(50)
  }, 120_000)
})

describe('policy', () => {
  it('waits between nothing and a bound that doubles up to the cap', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 0.999_999, noNaN: true }),
        (failures, at) => {
          const wait = backOff(POLICY, failures, () => at)
          const bound = Math.min(POLICY.mostMs, POLICY.firstMs * 2 ** (failures - 1))
          expect(wait).toBeGreaterThanOrEqual(0)
          expect(wait).toBeLessThanOrEqual(bound)
          expect(backOff(POLICY, failures + 1, () => at)).toBeGreaterThanOrEqual(wait)
        },
      ),
    )
  })

  it('tries again what may pass, and not what is wrong', () => {
    expect(isRetried(new Error('disk'))).toBe(true)
    expect(isRetried(new Error('gone', { cause: { code: 'not_found' } }))).toBe(false)
    expect(isRetried(new Error('net', { cause: { code: 'ECONNRESET' } }))).toBe(true)
  })
})

describe('kinds', () => {
  it('name functions that the threads have', async () => {
    const thread = (await import('./job-thread.ts')) as Record<string, unknown>
    const names = Object.values(KINDS).flatMap(({ thread: name }) => name ?? [])
    expect(names.length).toBeGreaterThan(4)
    for (const name of names) expect(typeof thread[name]).toBe('function')
  })
})
