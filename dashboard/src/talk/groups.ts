import type { ClassState, ErrorGroup } from '@lectern/protocol'

/** By what groups are ordered. */
export const GROUP_ORDERS = ['largest', 'newest'] as const
export type GroupOrder = (typeof GROUP_ORDERS)[number]

/** A mistake that at least two students share now. */
export interface SharedError {
  readonly key: string
  readonly group: ErrorGroup
  readonly count: number
  /** Of its students, those whose request for help is about it. */
  readonly asking: number
}

/** The groups in their order, and how many mistakes are those of one student alone. */
export function groupsOf({ errors, help }: ClassState, order: GroupOrder) {
  const asking = new Map<string, number>()
  for (const { group } of Object.values(help)) if (group !== undefined) asking.set(group, (asking.get(group) ?? 0) + 1)
  const all = Object.entries(errors).map(([key, group]): SharedError => {
    return { key, group, count: Object.keys(group.students).length, asking: asking.get(key) ?? 0 }
  })
  const groups = all.filter(({ count }) => count > 1)
  const byCount = (a: SharedError, b: SharedError) => b.count - a.count || b.group.lastAt - a.group.lastAt
  const byBegin = (a: SharedError, b: SharedError) => b.group.since - a.group.since || b.count - a.count
  return { groups: groups.sort(order === 'newest' ? byBegin : byCount), single: all.length - groups.length }
}
