import type { AttentionKind } from '@lectern/protocol'

/** What stands in an order: a student, or a team by its most urgent student. */
export interface Ordered {
  readonly id: string
  readonly phase: { readonly kind: AttentionKind }
}

/** The order in which a list stands still while somebody reads or clicks in it. */
export interface FrozenOrder {
  readonly ids: readonly string[]
  /** What each needed when the order was taken. */
  readonly kinds: ReadonlyMap<string, AttentionKind>
}

/** The order of `rows` now. */
export function takeOrder(rows: readonly Ordered[]): FrozenOrder {
  return { ids: rows.map(({ id }) => id), kinds: new Map(rows.map(({ id, phase }) => [id, phase.kind])) }
}

/**
 * The rows in the frozen order, with their newest content; who is new comes last, who is gone is left out.
 * `changed`: how many need something else than when the order was taken, or were not there.
 */
export function inFrozenOrder<T extends Ordered>(
  rows: readonly T[],
  frozen: FrozenOrder,
): { rows: readonly T[]; changed: number } {
  const left = new Map(rows.map((row) => [row.id, row]))
  const kept: T[] = []
  let changed = 0
  for (const id of frozen.ids) {
    const row = left.get(id)
    if (!row) continue
    left.delete(id)
    kept.push(row)
    if (frozen.kinds.get(id) !== row.phase.kind) changed += 1
  }
  return { rows: [...kept, ...left.values()], changed: changed + left.size }
}
