import type { JobInfo } from '@lectern/protocol'
import type { Generated, Kysely } from 'kysely'

/** Rows of `migrations/*.sql`, for Kysely. Times are milliseconds since the epoch. */
export interface WorkTables {
  jobs: {
    id: Generated<number>
    kind: string
    key: string | null
    payload: string
    state: JobInfo['state']
    priority: number
    attempts: number
    max_attempts: number
    created_at: number
    due_at: number
    started_at: number | null
    ended_at: number | null
    reason: string | null
    result: string | null
  }
  cursors: { runner: string; class_id: string; at: number }
  plans: { class_id: string; width: number; height: number; webp: Uint8Array; changed_at: number }
  minute_rollups: {
    class_id: string
    minute: number
    events: number
    runs: number
    errors: number
    help: number
  }
  minute_students: { class_id: string; minute: number; student: string }
  cell_rollups: {
    class_id: string
    notebook: string
    cell: string
    student: string
    runs: number
    errors: number
    duration_ms: number
    done: number
    first_at: number
  }
}

/** The database of jobs and roll-ups. */
export type WorkDatabase = Kysely<WorkTables>
