import { roleMay, type ClassInfo, type Right } from '@lectern/protocol'

/** What is not done to a class that is put away (SPEC CLA-2); it is brought back, and its students erased, all the same. */
const CHANGES: ReadonlySet<Right> = new Set(['roster.edit', 'codes.manage', 'staff.manage', 'lessons.run'])

/** True if whoever looks at the class has the right in it: what they may not do is not offered. */
export function may(info: Pick<ClassInfo, 'role' | 'archivedAt'> | undefined, right: Right): boolean {
  if (info?.archivedAt !== undefined && CHANGES.has(right)) return false
  return info !== undefined && roleMay(info.role, right)
}
