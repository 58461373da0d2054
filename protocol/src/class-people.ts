import { Type, type Static } from 'typebox'
import { ClassStaffRole } from './rights.ts'

/** Somebody of the staff with a role in a class. */
export const ClassStaff = Type.Object({
  id: Type.String(),
  name: Type.String(),
  email: Type.String(),
  role: ClassStaffRole,
})
export type ClassStaff = Static<typeof ClassStaff>

/** `GET /api/v2/classes/{class}/staff`: instructors first. */
export const ClassStaffList = Type.Object({ staff: Type.Array(ClassStaff) })
export type ClassStaffList = Static<typeof ClassStaffList>

/** `PUT /api/v2/classes/{class}/staff/{user}`, where `user` is an id or the whole address. */
export const ClassStaffEdit = Type.Object({ role: ClassStaffRole })
export type ClassStaffEdit = Static<typeof ClassStaffEdit>
