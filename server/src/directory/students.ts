import type { JoinRequest, Roster } from '@lectern/protocol'
import { sql, type Transaction } from 'kysely'
import { hashSecret, newSecret } from '../auth/secrets.ts'
import { CodedError } from '../errors.ts'
import { createEnrolment, type Enrolled, type Joining, type Voucher } from './enrolment.ts'
import { createHubStudents } from './hub-students.ts'
import type { DirectoryParts, Tables } from './schema.ts'
import { createRosterEdits } from './roster-edits.ts'
import { createSeats } from './seats.ts'
import { createStudentIdentities, type Identity } from './student-identities.ts'
import { createStudentRows } from './student-rows.ts'

/** A student who joined just now. */
export interface Joined extends Enrolled {
  token: string
}

/** What lets somebody in: a code, or the word of the JupyterHub, or both; `open`: the class is open to this user of it. */
export interface HowJoined {
  by?: Voucher | undefined
  hub?: { readonly user: string; readonly open: boolean } | undefined
}

interface FromHub extends Joining {
  hub: NonNullable<HowJoined['hub']>
}

const notIn = () => new CodedError('code_invalid', 'You are not in this class yet; join with its code.')

/** Tables that speak of a student, in the order in which rows may go. */
const OF_STUDENT = [
  'tokens',
  'hub_students',
  'installs',
  'consents',
  'student_identities',
  'student_notes',
  'join_codes',
] as const

/** Removes every row of a student, or of all students of the class. */
async function eraseRows(tx: Transaction<Tables>, id: string, student: string | undefined): Promise<void> {
  for (const table of OF_STUDENT) {
    const rows = tx.deleteFrom(table).where('class_id', '=', id)
    await (student === undefined ? rows : rows.where('student_id', '=', student)).execute()
  }
  if (student === undefined) await tx.deleteFrom('research_secrets').where('class_id', '=', id).execute()
  const seats = tx.deleteFrom('seats').where('class_id', '=', id)
  await (student === undefined ? seats : seats.where('kind', '=', 'student').where('key', '=', student)).execute()
  const rows = tx.deleteFrom('students').where('class_id', '=', id)
  await (student === undefined ? rows : rows.where('id', '=', student)).execute()
}

/** What each student of a class answered last: whether anything is shared. */
async function sharingOf(db: DirectoryParts['db'], id: string): Promise<ReadonlyMap<string, boolean>> {
  const answers = db.selectFrom('consents').select(['student_id', 'sharing']).where('class_id', '=', id)
  const rows = await answers.orderBy('n').execute()
  return new Map(rows.map((row) => [row.student_id, row.sharing === 1]))
}

/** Throws `conflict` when the install writes as somebody who this user of the Hub may not be. */
async function requireOwn(tx: Transaction<Tables>, id: string, who: { install: string; student: string }) {
  const row = tx.selectFrom('installs').select('by_address').where('class_id', '=', id)
  const own = await row.where('install', '=', who.install).executeTakeFirst()
  const linked = tx.selectFrom('hub_students').select('student_id').where('class_id', '=', id)
  const other = await linked.where('student_id', '=', who.student).executeTakeFirst()
  if (own?.by_address === 0 && other === undefined) return
  throw new CodedError('conflict', 'install: it belongs to another student of this class; join with a new one.')
}

/** Students of all classes, who they are, and the installs they write with. */
export function createStudents(parts: DirectoryParts) {
  const { db, clock, random } = parts
  const identities = createStudentIdentities(parts)
  const enrol = createEnrolment(parts, identities)
  const hubStudents = createHubStudents(parts)
  const seatNames = createSeats(parts)
  const studentRows = createStudentRows(parts, identities)
  const { rowsOf, entryOf } = studentRows

  /** Joins as the student who this user of the Hub is; the first time by code or where the class is open, and never by an address, which proves less. */
  async function joinFromHub(tx: Transaction<Tables>, id: string, joining: FromHub): Promise<Enrolled> {
    const { hub, email: _unproven, ...request } = joining
    const { user } = hub
    const known = await hubStudents.find(tx, id, user)
    if (known !== undefined) return enrol(tx, id, { ...request, by: { student: known } })
    if (!request.by && !hub.open) throw notIn()
    const enrolled = await enrol(tx, id, request)
    await requireOwn(tx, id, { install: request.install, student: enrolled.student })
    await hubStudents.link(tx, id, { user, student: enrolled.student })
    return enrolled
  }

  return {
    ...createRosterEdits({ ...parts, identities, ...studentRows }),

    /**
     * Joins a class: the student's pseudonymous id and a new token. `by`: the code, whose use is counted for a student who was
     * not in the class; by nothing but `hub` only who was. `hub`: the user that the JupyterHub says this is, who is then one
     * student of the class, whatever else is said. Throws `conflict` (SPEC JOI-2), `code_invalid` when the code is used up.
     */
    async join(id: string, request: JoinRequest, { by, hub }: HowJoined = {}): Promise<Joined> {
      const install = request.install.toLowerCase()
      const token = newSecret(random)
      const enrolled = await db.transaction().execute(async (tx) => {
        const joined = await (hub === undefined
          ? enrol(tx, id, { ...request, install, by })
          : joinFromHub(tx, id, { ...request, install, by, hub }))
        const owner = { class_id: id, student_id: joined.student, install }
        const row = { ...owner, hash: hashSecret(token), created_at: clock(), revoked_at: null }
        await tx.insertInto('tokens').values(row).execute()
        return joined
      })
      return { ...enrolled, token }
    },

    /** Throws `code_invalid` when nobody could join like this: without a code, from a Hub to which the class is not open. */
    async requireEntry(id: string, { by, hub }: HowJoined): Promise<void> {
      if (by || !hub || hub.open) return
      if ((await hubStudents.find(db, id, hub.user)) === undefined) throw notIn()
    },

    async roster(id: string): Promise<Roster> {
      const rows = await rowsOf(db, id).orderBy('joined_at').orderBy('students.id').execute()
      const installs = await db.selectFrom('installs').select('student_id').where('class_id', '=', id).execute()
      const joined = new Set(installs.map(({ student_id: student }) => student))
      const seats = await seatNames.names(id)
      const sharing = await sharingOf(db, id)
      return {
        students: rows.map((row) => {
          const seat = seats.get(row.student_id)
          return {
            ...entryOf(id, row),
            ...(joined.has(row.student_id) ? { joinedAt: row.joined_at } : {}),
            sharing: sharing.get(row.student_id) ?? false,
            ...(seat === undefined ? {} : { seat }),
          }
        }),
      }
    },

    /** Who one student is, and since when. Throws `not_found`. */
    async get(id: string, student: string): Promise<Identity & { joinedAt: number }> {
      const row = await rowsOf(db, id).where('students.id', '=', student).executeTakeFirst()
      if (!row) throw new CodedError('not_found', 'This class has no such student.')
      const { id: _, ...identity } = entryOf(id, row)
      return { ...identity, joinedAt: row.joined_at }
    },

    /** Names of the teams of a class. */
    async teams(id: string): Promise<string[]> {
      const rows = await rowsOf(db, id).execute()
      return [...new Set(rows.flatMap((row) => entryOf(id, row).team ?? []))]
    },

    /** Pseudonymous ids of a class's students. */
    async ids(id: string): Promise<string[]> {
      const rows = await db.selectFrom('students').select('id').where('class_id', '=', id).execute()
      return rows.map((row) => row.id)
    },

    /** Of them, those who have joined. */
    async joined(id: string): Promise<string[]> {
      const rows = db.selectFrom('installs').select('student_id').distinct().where('class_id', '=', id)
      return (await rows.orderBy('student_id').execute()).map((row) => row.student_id)
    },

    /** How many students ever joined each class. */
    async counts(): Promise<Map<string, number>> {
      const rows = await db
        .selectFrom('installs')
        .select(({ fn }) => ['class_id', fn.count<number>('student_id').distinct().as('students')])
        .groupBy('class_id')
        .execute()
      return new Map(rows.map((row) => [row.class_id, row.students]))
    },

    /** Removes everything of a student; nothing of it stays in the file. Without one, of the whole class. */
    async erase(id: string, student?: string): Promise<void> {
      await sql`PRAGMA secure_delete = ON`.execute(db)
      await db.transaction().execute((tx) => eraseRows(tx, id, student))
      await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(db)
    },
  }
}
