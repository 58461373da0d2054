import type { ClassStaffRole, CollectionLevel, SignInMethod, StaffRole } from '@lectern/protocol'
import type { Kysely } from 'kysely'
import type { Vault } from '../keys/vault.ts'
import type { RandomBytes } from '../auth/secrets.ts'

/** Rows of `migrations/*.sql`, for Kysely. Times are milliseconds since the epoch. */
export interface Tables {
  users: {
    id: string
    name: string
    /** Lower case; null until the first administrator has given one. */
    email: string | null
    role: StaffRole
    /** argon2id in PHC form; null until one is set. */
    password: string | null
    created_at: number
    /** Since when the account can not be used; what it did stays. */
    disabled_at: number | null
    signed_in_at: number | null
  }
  sessions: {
    id: string
    hash: string
    /** Hash of the secret before the last renewal. */
    previous_hash: string | null
    /** Until when it still opens the session; null until the new one was used. */
    previous_until: number | null
    user_id: string
    method: SignInMethod
    created_at: number
    created_address: string
    created_agent: string
    seen_at: number
    seen_address: string
    seen_agent: string
    renewed_at: number
    confirmed_at: number
  }
  totp: { user_id: string; secret: string; created_at: number; confirmed_at: number | null; last_step: number }
  recovery_codes: { user_id: string; hash: string }
  passkeys: {
    id: string
    user_id: string
    name: string
    public_key: string
    counter: number
    transports: string
    created_at: number
    used_at: number | null
  }
  identities: { issuer: string; subject: string; user_id: string; created_at: number }
  known_devices: { hash: string; user_id: string; seen_at: number }
  sign_in_links: { hash: string; user_id: string | null; created_at: number; expires_at: number }
  classes: {
    id: string
    name: string
    level: CollectionLevel
    created_at: number
    created_by: string | null
    ended_at: number | null
    retention_days: number | null
    cleared_at: number | null
    /** Groups of the Hub whose users need no code, as a JSON list; `*`: all of its users. */
    hub_door: string | null
    show_band: number
    time_zone: string | null
    /** Thresholds of the class's own, as JSON. */
    own_rules: string | null
    archived_at: number | null
    deletes_at: number | null
  }
  lessons: {
    class_id: string
    id: string
    began_at: number
    until: number
    ended_at: number | null
    began_by: string | null
    ended_by: string | null
    /** Hour of the timetable on one day. */
    slot: string | null
    title: string | null
    /** Names, as JSON. */
    notebooks: string
  }
  timetable: { class_id: string; weekday: number; begins: number; ends: number }
  class_rights: { class_id: string; user_id: string; granted: ClassStaffRole }
  seats: {
    class_id: string
    kind: 'student' | 'team'
    /** The student's id, or a keyed hash of the team's name. */
    key: string
    /** Per cent of the plan; null once it stands nowhere. */
    x: number | null
    y: number | null
    version: number
  }
  research_secrets: { class_id: string; user_id: string; secret: string }
  join_codes: {
    code: string
    class_id: string
    created_at: number
    expires_at: number | null
    max_uses: number | null
    /** Students who came in by it; machines, where it belongs to one student. */
    uses: number
    student_id: string | null
  }
  student_notes: {
    class_id: string
    student_id: string
    id: string
    created_at: number
    user_id: string | null
    sealed: Uint8Array
  }
  /** `cells`: JSON. */
  handouts: { class_id: string; notebook: string; changed_at: number; cells: string }
  students: { class_id: string; id: string; joined_at: number }
  student_identities: { class_id: string; student_id: string; sealed: Uint8Array; email_hash: string | null }
  consents: {
    class_id: string
    student_id: string
    n: number
    at: number
    version: number
    sharing: number
    level: CollectionLevel
    asked: CollectionLevel
    research: number
  }
  /** `by_address`: joined as a known student by address alone, which anybody may know. */
  hub_students: { class_id: string; hub_hash: string; student_id: string }
  installs: { class_id: string; install: string; student_id: string; by_address: number }
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
  /** Seals who students are. */
  readonly vault: Vault
}
