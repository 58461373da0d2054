import { roleMay, type ClassRole, type Right, type ClassStaffRole } from '@lectern/protocol'
import type { Directory } from '../directory/directory.ts'
import { CodedError } from '../errors.ts'
import type { Principal } from './principal.ts'

/** The refusal that names what is missing (SPEC AUT-20). */
export const lacking = (right: Right): CodedError => new CodedError('forbidden', `This needs the right: ${right}.`)

/** What a principal is without regard to any class: students, and the staff by their accounts. */
function roleAnywhere(principal: Principal): ClassRole | undefined {
  if (principal.kind === 'student') return 'student'
  return principal.role === 'member' ? undefined : principal.role
}

/** Throws `forbidden` unless the principal has a right that does not depend on a class. */
export function requireAnywhere(principal: Principal, right: Right): void {
  const role = roleAnywhere(principal)
  if (role === undefined || !roleMay(role, right)) throw lacking(right)
}

/** A member of staff has another role in a class from now on; `role` is undefined where none. */
export interface RoleChange {
  readonly user: string
  readonly class: string
  readonly role: ClassStaffRole | undefined
}

type ClassRightsParts = Pick<Directory, 'classes' | 'classStaff' | 'sessions'>

/** Who is what in which class, by the one table of rights. */
export function createClassRights({ classes, classStaff, sessions }: ClassRightsParts) {
  const listeners = new Set<(change: RoleChange) => void>()

  /** What the principal is in the class; undefined where nothing. */
  const roleIn = async (principal: Principal, id: string): Promise<ClassRole | undefined> => {
    if (principal.kind === 'student') return principal.class.id === id ? 'student' : undefined
    if (principal.role === 'admin') return 'admin'
    return principal.user === undefined ? undefined : classStaff.roleOf(id, principal.user)
  }

  /** The principal's role in the class. Throws `forbidden`, naming the right, unless it has that right. */
  const require = async (principal: Principal, id: string, right: Right): Promise<ClassRole> => {
    const role = await roleIn(principal, id)
    if (role === undefined || !roleMay(role, right)) throw lacking(right)
    return role
  }

  return {
    require,

    /** True if the principal has the right in the class. */
    async may(principal: Principal, id: string, right: Right): Promise<boolean> {
      const role = await roleIn(principal, id)
      return role !== undefined && roleMay(role, right)
    },

    /** Throws `not_found` or `forbidden` unless the principal has the right, in the class where one is named. */
    async authorize(principal: Principal, right: Right, id: string | undefined): Promise<void> {
      if (id === undefined) requireAnywhere(principal, right)
      else await require(principal, (await classes.get(id)).id, right)
    },

    /** Gives a role in the class, or takes it away; what was open by it ends, and cookies change (SPEC AUT-7, AUT-21). Throws as `classStaff.setRole`. */
    async change(change: RoleChange, leaveNone: boolean): Promise<void> {
      await classStaff.setRole(change, leaveNone)
      await sessions.renewSoon(change.user)
      for (const listener of listeners) listener(change)
    },

    /** Calls `listener` after every change. Returns how to stop. */
    onChange(listener: (change: RoleChange) => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
