import type { JoinRequest } from '@lectern/protocol'
import type { Transaction } from 'kysely'
import { newId } from '../auth/secrets.ts'
import { CodedError } from '../errors.ts'
import type { Owner } from '../keys/vault.ts'
import { takeUse, type OpenCode } from './codes.ts'
import type { DirectoryParts, Tables } from './schema.ts'
import { identityFrom, type createStudentIdentities } from './student-identities.ts'

/** By what somebody joins: a code, whose use is counted, and the student who it proves that they are, if it does. */
export type Voucher = Partial<Pick<OpenCode, 'code'>> & { student: string | undefined }

/** Somebody who joins. */
export interface Joining extends Omit<JoinRequest, 'code' | 'class' | 'hub'> {
  by: Voucher | undefined
}

/** Who joined. */
export interface Enrolled {
  student: string
  /** True at the first time. */
  isNew: boolean
  /** True while nothing but a known address says that this is the student (SPEC JOI-2). */
  byAddress: boolean
}

/**
 * The student to whom the code belongs, or of this install, or with this address, in the class (SPEC JOI-2, JOI-11).
 * Throws `conflict` when these are two.
 */
async function find(
  tx: Transaction<Tables>,
  { id, emailHash }: { id: string; emailHash: (email: string) => string },
  { install, email, by }: Joining,
) {
  const byInstall = await tx
    .selectFrom('installs')
    .select(['student_id', 'by_address'])
    .where('class_id', '=', id)
    .where('install', '=', install)
    .executeTakeFirst()
  const withEmail = tx.selectFrom('student_identities').select('student_id').where('class_id', '=', id)
  const asks = email !== undefined && by?.student === undefined
  const byEmail = asks ? await withEmail.where('email_hash', '=', emailHash(email)).executeTakeFirst() : undefined
  const named = by?.student ?? byEmail?.student_id
  if (byInstall && named !== undefined && byInstall.student_id !== named) {
    throw new CodedError('conflict', 'install: it belongs to another student of this class; join with a new one.')
  }
  return { student: byInstall?.student_id ?? named, install: byInstall }
}

/** Makes what finds or makes the student of a request and the row of the install. */
export function createEnrolment(
  { clock, random }: DirectoryParts,
  identities: ReturnType<typeof createStudentIdentities>,
) {
  const installsOf = (tx: Transaction<Tables>, id: string, student: string) =>
    tx.selectFrom('installs').select('install').where('class_id', '=', id).where('student_id', '=', student)

  /** Makes the row of an install; the first of a student is when the student joined. */
  const addInstall = async (
    tx: Transaction<Tables>,
    id: string,
    row: { install: string; student: string; known: boolean },
  ) => {
    const { install, student, known } = row
    const isFirst = !(await installsOf(tx, id, student).executeTakeFirst())
    if (isFirst) {
      const joined = tx.updateTable('students').set({ joined_at: clock() }).where('class_id', '=', id)
      await joined.where('id', '=', student).execute()
    }
    // Whoever knows a classmate's address may write as them, but is shown nothing of theirs (SPEC JOI-2).
    const byAddress = known && !isFirst ? 1 : 0
    await tx
      .insertInto('installs')
      .values({ class_id: id, install, student_id: student, by_address: byAddress })
      .execute()
  }

  /** What the student says of themselves now; what is not said stays. */
  const saveIdentity = async (tx: Transaction<Tables>, owner: Owner, request: Joining): Promise<void> => {
    const row = await tx
      .selectFrom('student_identities')
      .select('sealed')
      .where('class_id', '=', owner.class)
      .where('student_id', '=', owner.student)
      .executeTakeFirst()
    const said = identityFrom(request)
    const { team, ...before } = row ? identities.open(owner, row.sealed) : said
    const kept = request.team === undefined && team !== undefined ? { team } : {}
    await identities.save(tx, owner, { ...before, ...said, ...kept })
  }

  return async (tx: Transaction<Tables>, id: string, request: Joining): Promise<Enrolled> => {
    const { by } = request
    const { student: known, install } = await find(
      tx,
      { id, emailHash: (email) => identities.emailHash(id, email) },
      request,
    )
    const isNew = by?.student === undefined ? known === undefined : !install
    if (by?.code !== undefined && isNew) await takeUse(tx, by.code)
    const student = known ?? newId(random, 's')
    const personal = by?.student !== undefined
    if (known === undefined) {
      await tx.insertInto('students').values({ class_id: id, id: student, joined_at: clock() }).execute()
    }
    const first = !(await installsOf(tx, id, student).executeTakeFirst())
    // A code that belongs to a student knows better; an address alone does not change who that is.
    const own = !personal && (first || (install !== undefined && install.by_address === 0))
    if (own) await saveIdentity(tx, { class: id, student }, request)
    if (!install)
      await addInstall(tx, id, { install: request.install, student, known: known !== undefined && !personal })
    else if (personal && install.by_address === 1) {
      const proven = tx.updateTable('installs').set({ by_address: 0 }).where('class_id', '=', id)
      await proven.where('install', '=', request.install).execute()
    }
    const byAddress = !personal && !first && (install ? install.by_address === 1 : known !== undefined)
    return { student, isNew: first, byAddress }
  }
}
