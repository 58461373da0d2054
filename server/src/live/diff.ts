import type { Patch } from '@lectern/protocol'

type Members = Record<string, unknown>

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function sameList(a: unknown, b: unknown): boolean {
  return Array.isArray(a) && Array.isArray(b) && a.length === b.length && JSON.stringify(a) === JSON.stringify(b)
}

/** The merge patch that makes `after` of `before` (RFC 7396), or undefined when they are equal. Neither holds nulls. */
export function diff(before: Members, after: Members): Patch | undefined {
  const patch: Patch = {}
  let changed = false
  for (const name of Object.keys(after)) {
    const next = after[name]
    const last = Object.hasOwn(before, name) ? before[name] : undefined
    if (next === last) continue
    const part = isMembers(next) ? (isMembers(last) ? diff(last, next) : next) : sameList(last, next) ? undefined : next
    if (part === undefined) continue
    patch[name] = part
    changed = true
  }
  for (const name of Object.keys(before)) {
    if (Object.hasOwn(after, name)) continue
    patch[name] = null
    changed = true
  }
  return changed ? patch : undefined
}

/** A copy of a JSON value that shares nothing with it. */
export function copy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copy) as T
  if (!isMembers(value)) return value
  const result: Members = {}
  for (const name of Object.keys(value)) result[name] = copy(value[name])
  return result as T
}
