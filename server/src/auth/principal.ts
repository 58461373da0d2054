import type { StaffRole } from '@lectern/protocol'
import type { Consent } from '../directory/consents.ts'
import type { ClassRow } from '../directory/classes.ts'

/** A student's extension, by its token. It can append that student's events, and nothing else (SPEC AUT-3). */
export interface StudentPrincipal {
  readonly kind: 'student'
  /** Shared with the directory: name, level and end of the class as they are now. */
  readonly class: ClassRow
  /** Pseudonymous id. */
  readonly student: string
  readonly install: string
  /** The install joined as a known student by address alone: it may add, and is shown nothing of before (SPEC JOI-2). */
  readonly byAddress: boolean
  /** Shared with the directory: what the student agrees to now. */
  readonly consent: Consent
  /** Hash of the token. */
  readonly token: string
}

/** A member of staff, or a script with the administrator's token. */
export interface StaffPrincipal {
  readonly kind: 'staff'
  /** Id of the user; undefined for the administrator's token. */
  readonly user: string | undefined
  readonly role: StaffRole
  /** Id of the session; undefined for the administrator's token. */
  readonly session: string | undefined
}

/** Who asks. */
export type Principal = StudentPrincipal | StaffPrincipal
