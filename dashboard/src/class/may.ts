import { roleMay, type ClassInfo, type Right } from '@lectern/protocol'

/** True if whoever looks at the class has the right in it: what they may not do is not offered. */
export function may(info: Pick<ClassInfo, 'role'> | undefined, right: Right): boolean {
  return info !== undefined && roleMay(info.role, right)
}
