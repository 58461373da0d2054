import type { ClassState } from '@lectern/protocol'

/** One place in which two states differ. */
export interface Difference {
  /** Members from the root, joined by dots. */
  path: string
  current: unknown
  candidate: unknown
}

/** A difference, with where in the log it was seen. */
export interface Sample extends Difference {
  class: string
  offset: number
}

const COLLECTIONS = ['students', 'help', 'errors', 'cells', 'activity', 'messages'] as const

type Entries = Readonly<Record<string, unknown>>

function entryDifferences(path: string, current: unknown, candidate: unknown): Difference[] {
  if (JSON.stringify(current) === JSON.stringify(candidate)) return []
  const isObject = (value: unknown): value is Entries =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!isObject(current) || !isObject(candidate)) return [{ path, current, candidate }]
  const names = [...new Set([...Object.keys(current), ...Object.keys(candidate)])]
  const changed = names.filter((name) => JSON.stringify(current[name]) !== JSON.stringify(candidate[name]))
  return changed.map((name) => ({ path: `${path}.${name}`, current: current[name], candidate: candidate[name] }))
}

/** Where two states of one class differ, entry by entry and member by member. */
export function compareStates(current: ClassState, candidate: ClassState): Difference[] {
  return COLLECTIONS.flatMap((collection) => {
    const [a, b]: [Entries, Entries] = [current[collection], candidate[collection]]
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])]
    return keys.flatMap((key) => entryDifferences(`${collection}.${key}`, a[key], b[key]))
  })
}
