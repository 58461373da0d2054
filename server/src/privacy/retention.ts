import { RETENTION_DAYS, type RetentionAnswer, type RetentionEntry } from '@lectern/protocol'
import type { Audit } from '../audit/audit.ts'
import type { ClassRow } from '../directory/classes.ts'
import type { Directory } from '../directory/directory.ts'
import type { Log } from '../log/log.ts'
import type { Erasure } from './erasure.ts'

const DAY_MS = 24 * 3_600_000

interface RetentionOptions {
  directory: Pick<Directory, 'classes' | 'students'>
  log: Pick<Log, 'tops'>
  erasure: Pick<Erasure, 'class'>
  audit: Audit
  /** Milliseconds since the epoch. */
  clock: () => number
}

/** When the data of a class is removed; undefined while it goes on, and after it was. A class that was deleted does not wait longer. */
function clearsAt({ ended_at: endedAt, retention_days: days, cleared_at: clearedAt, ...row }: ClassRow) {
  const { deletes_at: deletesAt } = row
  if (endedAt === null || clearedAt !== null) return deletesAt ?? undefined
  return Math.min(endedAt + (days ?? RETENTION_DAYS) * DAY_MS, deletesAt ?? Number.MAX_SAFE_INTEGER)
}

/** Makes what removes classes whose time is over (SPEC PRI-4). */
export function createRetention({ directory, log, erasure, audit, clock }: RetentionOptions) {
  async function plan(): Promise<RetentionAnswer> {
    const [rows, counts, tops] = await Promise.all([directory.classes.list(), directory.students.counts(), log.tops()])
    const now = clock()
    const entries = rows.flatMap((row): RetentionEntry[] => {
      const at = clearsAt(row)
      if (at === undefined) return []
      const { id, name, ended_at: endedAt } = row
      const size = { students: counts.get(id) ?? 0, events: tops.get(id) ?? 0 }
      return [{ class: id, name, endedAt: endedAt ?? 0, clearsAt: at, due: at <= now, ...size }]
    })
    return { classes: entries.toSorted((a, b) => a.clearsAt - b.clearsAt) }
  }

  /** Of a class that was deleted nothing stays, not even its name (SPEC CLA-3). */
  async function removeDeleted(id: string): Promise<void> {
    const { deletes_at: deletesAt } = await directory.classes.get(id)
    if (deletesAt !== null && deletesAt <= clock()) await directory.classes.remove(id)
  }

  return {
    /** What would be removed now, and when the rest will be: nothing is done. */
    plan,

    /** Removes what is due; gives what that was. */
    async run(actor: string): Promise<RetentionAnswer> {
      const due = (await plan()).classes.filter((entry) => entry.due)
      for (const entry of due) {
        await erasure.class({ class: entry.class, actor })
        await removeDeleted(entry.class)
      }
      if (due.length > 0) await audit.record({ actor, action: 'retention_run', details: { classes: due.length } })
      return { classes: due }
    },

    /** One step of the runner that keeps to it. */
    async step(): Promise<{ handled: number; lag: number }> {
      const { classes } = await this.run('system')
      return { handled: classes.length, lag: 0 }
    },
  }
}

/** See `createRetention`. */
export type Retention = ReturnType<typeof createRetention>
