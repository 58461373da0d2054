import { Type } from 'typebox'

// The roles of `rights.ts` as schemas; apart from it, so that a page which only looks rights up carries no schemas.

const STAFF = [
  Type.Literal('instructor'),
  Type.Literal('assistant'),
  Type.Literal('observer'),
  Type.Literal('researcher'),
] as const

/** Role of a member of staff in one class. */
export const StaffRoleInClass = Type.Union([...STAFF])
/** What somebody is in one class. */
export const RoleInClass = Type.Union([Type.Literal('admin'), ...STAFF, Type.Literal('student')])
