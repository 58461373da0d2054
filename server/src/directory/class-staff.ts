import { CLASS_STAFF_ROLES, type ClassStaff, type ClassStaffRole } from '@lectern/protocol'
import type { RoleChange } from '../auth/class-rights.ts'
import { CodedError } from '../errors.ts'
import type { DirectoryParts } from './schema.ts'

/** Roles of staff in classes. */
export function createClassStaff({ db }: Pick<DirectoryParts, 'db'>) {
  return {
    /** Everybody with a role in the class, instructors first. Who administers the server needs none. */
    async list(id: string): Promise<ClassStaff[]> {
      const rows = await db
        .selectFrom('class_rights')
        .innerJoin('users', 'users.id', 'class_rights.user_id')
        .where('class_id', '=', id)
        .select(['users.id', 'users.name', 'users.email', 'granted'])
        .orderBy('users.name')
        .orderBy('users.id')
        .execute()
      const staff = rows.map(({ granted, email, ...who }) => ({ ...who, email: email ?? '', role: granted }))
      return staff.toSorted((a, b) => CLASS_STAFF_ROLES.indexOf(a.role) - CLASS_STAFF_ROLES.indexOf(b.role))
    },

    /** What `user` is in the class; undefined where nothing. */
    async roleOf(id: string, user: string): Promise<ClassStaffRole | undefined> {
      const right = db.selectFrom('class_rights').select('granted').where('class_id', '=', id)
      return (await right.where('user_id', '=', user).executeTakeFirst())?.granted
    },

    /**
     * Gives a role, or takes it away. Throws `not_found` where there is none to take, and `conflict` when it would leave the
     * class without an instructor, unless that is meant.
     */
    async setRole({ class: id, user, role }: RoleChange, leaveNone: boolean): Promise<void> {
      await db.transaction().execute(async (tx) => {
        const staff = await tx.selectFrom('class_rights').selectAll().where('class_id', '=', id).execute()
        if (role === undefined && !staff.some((one) => one.user_id === user)) {
          throw new CodedError('not_found', 'This person has no role in the class.')
        }
        const [lead, ...others] = staff.filter(({ granted }) => granted === 'instructor')
        const isLast = lead?.user_id === user && others.length === 0
        if (isLast && role !== 'instructor' && !leaveNone) {
          throw new CodedError('conflict', 'role: the class would have no instructor; give that role to another first.')
        }
        await tx.deleteFrom('class_rights').where('class_id', '=', id).where('user_id', '=', user).execute()
        if (role === undefined) return
        await tx.insertInto('class_rights').values({ class_id: id, user_id: user, granted: role }).execute()
      })
    },
  }
}

/** See `createClassStaff`. */
export type ClassStaffDirectory = ReturnType<typeof createClassStaff>
