/** A JSON value. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

/** A JSON Merge Patch for an object (RFC 7396): null removes a member, objects merge, anything else replaces. */
export type Patch = { [name: string]: unknown }

type Members = Record<string, unknown>

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Sets an own member even if its name is `__proto__`. */
function put(target: Members, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })
  } else {
    target[name] = value
  }
}

/** An own member: inherited names such as `constructor` are no members. */
function own(target: Members, name: string): unknown {
  return Object.hasOwn(target, name) ? target[name] : undefined
}

/**
 * The object that `patch` makes of `target` (SPEC STA-3). Neither is changed; what the patch does not touch is shared,
 * so that a reader can tell by identity what changed.
 */
export function applyPatch<T extends object>(target: T, patch: Patch): T {
  const result: Members = { ...(target as Members) }
  for (const name of Object.keys(patch)) {
    const value = patch[name]
    if (value === null || value === undefined) {
      delete result[name]
    } else if (isMembers(value)) {
      const before = own(result, name)
      put(result, name, applyPatch(isMembers(before) ? before : {}, value))
    } else {
      put(result, name, value)
    }
  }
  return result as T
}

/** The state that a list of patches makes of `target`, one after the other (SPEC STA-3). */
export function applyChanges<T extends object>(target: T, changes: readonly Patch[]): T {
  return changes.reduce((state, patch) => applyPatch(state, patch), target)
}

/** True if `earlier` removes or replaces something that `later` adds members to: no single merge patch says both (RFC 7396). */
function addsAgain(earlier: Members, later: Members): boolean {
  for (const name of Object.keys(later)) {
    const value = later[name]
    if (!isMembers(value) || !Object.hasOwn(earlier, name)) continue
    const before = earlier[name]
    if (!isMembers(before) || addsAgain(before, value)) return true
  }
  return false
}

function mergeInto(earlier: Members, later: Members): Members {
  for (const name of Object.keys(later)) {
    const value = later[name]
    if (!isMembers(value)) {
      put(earlier, name, value)
      continue
    }
    const before = own(earlier, name)
    put(earlier, name, mergeInto(isMembers(before) ? before : {}, value))
  }
  return earlier
}

/**
 * Adds `patch` to the end of `changes`, merged into the last patch where one patch can say both.
 * `changes` is changed; `patch` is not, and is not kept.
 */
export function addChange(changes: Patch[], patch: Patch): void {
  const last = changes.at(-1)
  if (last && !addsAgain(last, patch)) mergeInto(last, patch)
  else changes.push(mergeInto({}, patch))
}
