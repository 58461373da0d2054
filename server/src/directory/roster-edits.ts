import type { EnlistedStudents, NewStudents, RosterEntry, StudentEdit } from '@lectern/protocol'
import type { Transaction } from 'kysely'
import { newId } from '../auth/secrets.ts'
import { CodedError } from '../errors.ts'
import type { DirectoryParts, Tables } from './schema.ts'
import { identityFrom, type createStudentIdentities, type Identity } from './student-identities.ts'
import type { StudentRows } from './student-rows.ts'

/** Somebody who is to be on the roster. */
interface ToEnlist {
  one: NewStudents['students'][number]
  /** Whether what is said holds for one who is there already. */
  update: boolean
}

/** Somebody who is on the roster, and what is said of them now. */
interface Met {
  before: RosterEntry
  said: Identity | undefined
}

type RosterEditParts = Pick<DirectoryParts, 'db' | 'clock' | 'random'> &
  StudentRows & { readonly identities: ReturnType<typeof createStudentIdentities> }

/** Who is on the roster, as far as the staff say it. */
export function createRosterEdits({ db, clock, random, identities, rowsOf, entryOf }: RosterEditParts) {
  /** What became of somebody who is on the roster already: as before, or with what is said of them now. */
  async function meetKnown(tx: Transaction<Tables>, id: string, { before, said }: Met) {
    const { id: student, ...identity } = before
    const now = { ...identity, ...said }
    const isSame = said === undefined || JSON.stringify(now) === JSON.stringify(identity)
    if (isSame) return { ...before, known: true }
    await identities.save(tx, { class: id, student }, now)
    return { id: student, ...now, known: true, changed: true }
  }

  /** Adds one to the roster, or meets the one with the same address. */
  async function enlistOne(tx: Transaction<Tables>, id: string, { one, update }: ToEnlist) {
    const identity = identityFrom(one)
    if (identity.email !== undefined) {
      const emailHash = identities.emailHash(id, identity.email)
      const known = await rowsOf(tx, id).where('email_hash', '=', emailHash).executeTakeFirst()
      if (known) return meetKnown(tx, id, { before: entryOf(id, known), said: update ? identity : undefined })
    }
    const student = newId(random, 's')
    await tx.insertInto('students').values({ class_id: id, id: student, joined_at: clock() }).execute()
    await identities.save(tx, { class: id, student }, identity)
    return { id: student, ...identity, known: false }
  }

  /** Throws `conflict` when the address is that of another student. */
  async function requireUnknown(
    tx: Transaction<Tables>,
    id: string,
    { email, student }: { email: string; student: string },
  ) {
    const other = await rowsOf(tx, id).where('email_hash', '=', identities.emailHash(id, email)).executeTakeFirst()
    if (other && other.student_id !== student) throw new CodedError('conflict', 'email: another student has it.')
  }

  return {
    /**
     * Adds students to the roster before they join; one whose address is there already stays as is (SPEC JOI-12), or with
     * `update` gets what is said here (SPEC JOI-13).
     */
    async enlist(
      id: string,
      students: NewStudents['students'],
      { update = false }: { update?: boolean | undefined } = {},
    ): Promise<EnlistedStudents['students']> {
      return db.transaction().execute(async (tx) => {
        const enlisted: EnlistedStudents['students'] = []
        for (const one of students) enlisted.push(await enlistOne(tx, id, { one, update }))
        return enlisted
      })
    },

    /** Changes who a student is said to be. Throws `not_found`, and `conflict` for the address of another. */
    async edit(id: string, student: string, edit: StudentEdit): Promise<RosterEntry> {
      return db.transaction().execute(async (tx) => {
        const row = await rowsOf(tx, id).where('students.id', '=', student).executeTakeFirst()
        if (!row) throw new CodedError('not_found', 'This class has no such student.')
        const { id: _, ...before } = entryOf(id, row)
        const said = Object.entries({ ...before, ...edit }).filter(([, value]) => value !== '')
        const identity = identityFrom(Object.fromEntries(said) as unknown as Identity)
        if (identity.email !== undefined) await requireUnknown(tx, id, { email: identity.email, student })
        await identities.save(tx, { class: id, student }, identity)
        return { id: student, ...identity }
      })
    },
  }
}
