import { RETENTION_DAYS, type RetentionEntry, type RetentionReport } from '@lectern/protocol'
import type { Audit } from '../audit/audit.ts'
import type { ClassRow } from '../directory/classes.ts'
import type { Directory } from '../directory/directory.ts'
import type { Log } from '../log/log.ts'
import type { Logger } from '../monitor/logger.ts'
import type { JobRow } from '../workers/jobs.ts'
import type { JobPayload } from '../workers/kinds.ts'
import type { WorkSystem } from '../workers/start.ts'
import type { Erasure } from './erasure.ts'

const DAY_MS = 24 * 3_600_000
const KIND = 'retention'
/** Reports that are shown. */
const SHOWN = 20

interface RetentionOptions {
  directory: Pick<Directory, 'classes' | 'students'>
  log: Pick<Log, 'tops'>
  erasure: Pick<Erasure, 'class'>
  work: Pick<WorkSystem, 'jobs' | 'workers'>
  audit: Audit
  logger: Logger
  /** Milliseconds since the epoch. */
  clock: () => number
}

/** What is wanted, and who asks. */
interface Asked {
  readonly dryRun: boolean
  /** An id of the staff, `script`, or `system`. */
  readonly by: string
}

/** What a job leaves. */
interface Result {
  readonly classes: NonNullable<RetentionReport['classes']>
}

/** When the data of a class is removed; undefined while it goes on, and after it was. A class that was deleted does not wait longer. */
function clearsAt({ ended_at: endedAt, retention_days: days, cleared_at: clearedAt, ...row }: ClassRow) {
  const { deletes_at: deletesAt } = row
  if (endedAt === null || clearedAt !== null) return deletesAt ?? undefined
  return Math.min(endedAt + (days ?? RETENTION_DAYS) * DAY_MS, deletesAt ?? Number.MAX_SAFE_INTEGER)
}

function reportOf({ id, state, payload, created_at: createdAt, ended_at: endedAt, result }: JobRow): RetentionReport {
  const { dryRun = false, by = 'system' } = JSON.parse(payload) as JobPayload
  const done = state === 'done' && result !== null ? (JSON.parse(result) as Result) : {}
  return { id, state, dryRun, by, createdAt, ...(endedAt === null ? {} : { endedAt }), ...done }
}

/** Makes what removes classes whose time is over: a job, whose row keeps the report (SPEC PRI-4). */
export function createRetention(options: RetentionOptions) {
  const { directory, log, erasure, work, audit, logger, clock } = options
  const { jobs, workers } = work

  /** What would be removed now, and when the rest will be: nothing is done. */
  async function plan(): Promise<RetentionEntry[]> {
    const [rows, counts, tops] = await Promise.all([directory.classes.list(), directory.students.counts(), log.tops()])
    const now = clock()
    const entries = rows.flatMap((row): RetentionEntry[] => {
      const at = clearsAt(row)
      if (at === undefined) return []
      const { id, name, ended_at: endedAt } = row
      const size = { students: counts.get(id) ?? 0, events: tops.get(id) ?? 0 }
      return [{ class: id, name, endedAt: endedAt ?? 0, clearsAt: at, due: at <= now, ...size }]
    })
    return entries.toSorted((a, b) => a.clearsAt - b.clearsAt)
  }

  /** Of a class that was deleted nothing stays, not even its name in a report (SPEC CLA-3). True if it was. */
  async function removeDeleted(id: string): Promise<boolean> {
    const { deletes_at: deletesAt } = await directory.classes.get(id)
    if (deletesAt === null || deletesAt > clock()) return false
    await directory.classes.remove(id)
    const names = (row: JobRow) => reportOf(row).classes?.some((one) => one.class === id)
    for (const row of await jobs.ofKind(KIND)) if (names(row)) await workers.remove(row.id)
    return true
  }

  /** One class that can not be removed now does not keep the others; it is due still with the next run. */
  async function remove(entry: RetentionEntry, actor: string): Promise<Result['classes'][number]> {
    const { class: id } = entry
    try {
      await erasure.class({ class: id, actor })
      return { ...entry, ...((await removeDeleted(id)) ? { name: id } : {}), removed: true }
    } catch (err) {
      logger.error({ err, class: id }, 'a class whose time is over was not removed')
      return { ...entry, removed: false }
    }
  }

  /** The work of one job. */
  async function run({ dryRun = false, by = 'system' }: JobPayload): Promise<Result> {
    const classes: Result['classes'] = []
    for (const entry of (await plan()).filter((one) => one.due)) {
      classes.push(dryRun ? { ...entry, removed: false } : await remove(entry, by))
    }
    const removed = classes.filter((one) => one.removed).length
    await audit.record({ actor: by, action: 'retention_run', details: { due: classes.length, removed, dryRun } })
    return { classes }
  }

  const ask = async ({ dryRun, by }: Asked): Promise<number> => (await workers.add(KIND, { dryRun, by })).id

  return {
    plan,
    ask,

    /** The report of a job, when it has ended or after `withinMs`. */
    ended: async (id: number, withinMs: number): Promise<RetentionReport> =>
      reportOf(await workers.ended(id, withinMs)),

    /** The newest first. */
    reports: async (): Promise<RetentionReport[]> => (await jobs.ofKind(KIND)).slice(0, SHOWN).map(reportOf),

    /** One step of the runner that keeps to it: what is due makes a job. */
    async step(): Promise<{ handled: number; lag: number }> {
      const due = (await plan()).filter((one) => one.due).length
      if (due > 0) await ask({ dryRun: false, by: 'system' })
      return { handled: due, lag: 0 }
    },

    /** Does the jobs. Returns how to end that, when the one under way is done. */
    serve(): () => Promise<void> {
      let working: Promise<unknown> = Promise.resolve()
      const end = workers.serve(KIND, (payload) => {
        const result = run(payload)
        working = result.catch(() => undefined)
        return result
      })
      return async () => {
        end()
        await working
      }
    },
  }
}

/** See `createRetention`. */
export type Retention = ReturnType<typeof createRetention>
