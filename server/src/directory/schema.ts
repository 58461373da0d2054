import type { CollectionLevel } from '@lectern/protocol'
import type { Kysely } from 'kysely'
import type { RandomBytes } from '../auth/secrets.ts'

/** Roles of staff; an administrator may do everything, an instructor what the rights of a class allow. */
export type Role = 'admin' | 'instructor'

/** Rows of `migrations/*.sql`, for Kysely. Times are milliseconds since the epoch. */
export interface Tables {
  users: {
    id: string
    name: string
    /** Lower case; null until the first administrator has given one. */
    email: string | null
    role: Role
    /** argon2id in PHC form; null until one is set. */
    password: string | null
    created_at: number
  }
  sessions: { hash: string; user_id: string; by_link: number; created_at: number; seen_at: number }
  sign_in_links: { hash: string; user_id: string | null; created_at: number; expires_at: number }
  classes: {
    id: string
    name: string
    level: CollectionLevel
    created_at: number
    created_by: string | null
    ended_at: number | null
  }
  class_rights: { class_id: string; user_id: string; granted: 'instructor' }
  join_codes: { code: string; class_id: string; created_at: number }
  students: {
    class_id: string
    id: string
    name: string
    email: string | null
    team: string | null
    joined_at: number
  }
  installs: { class_id: string; install: string; student_id: string }
  tokens: {
    hash: string
    class_id: string
    student_id: string
    install: string
    created_at: number
    revoked_at: number | null
  }
}

/** What every part of the directory is built over. `clock` gives milliseconds since the epoch. */
export interface DirectoryParts {
  readonly db: Kysely<Tables>
  readonly clock: () => number
  readonly random: RandomBytes
}
