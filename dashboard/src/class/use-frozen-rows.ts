import { useCallback, useMemo, useState, type FocusEvent, type PointerEvent } from 'react'
import type { AttentionKind } from '@lectern/protocol'
import { inFrozenOrder, takeOrder, type FrozenOrder, type Ordered } from './frozen-order.ts'

/** Keeps the order of `rows` while the pointer or the keyboard is in the list; `hold` goes on the list's element. */
export function useFrozenRows<T extends Ordered>(
  rows: readonly T[],
  belongs: (row: T, kind: AttentionKind) => boolean,
) {
  const [frozen, setFrozen] = useState<FrozenOrder>()
  const [by, setBy] = useState({ pointer: false, focus: false })

  const change = useCallback(
    (part: Partial<typeof by>) => {
      const next = { ...by, ...part }
      setBy(next)
      if (!next.pointer && !next.focus) setFrozen(undefined)
      else setFrozen((before) => before ?? takeOrder(rows))
    },
    [by, rows],
  )
  const shown = useMemo(() => {
    if (!frozen) return { rows: rows.filter((row) => belongs(row, row.phase.kind)), changed: 0 }
    const { rows: ordered, changed } = inFrozenOrder(rows, frozen)
    // Who belonged here when the order was taken stays: nothing may vanish under the pointer.
    return { rows: ordered.filter((row) => belongs(row, frozen.kinds.get(row.id) ?? row.phase.kind)), changed }
  }, [rows, frozen, belongs])

  const kindOf = (row: T) => frozen?.kinds.get(row.id) ?? row.phase.kind
  return {
    ...shown,
    /** What the order takes a row to need: what it needed when the order was taken. */
    kindOf,
    isFrozen: frozen !== undefined,
    update: () => setFrozen(takeOrder(rows)),
    hold: {
      onPointerEnter: ({ pointerType }: PointerEvent) => pointerType === 'mouse' && change({ pointer: true }),
      onPointerLeave: () => change({ pointer: false }),
      onFocus: ({ target }: FocusEvent) => target.matches(':focus-visible') && change({ focus: true }),
      onBlur: ({ currentTarget, relatedTarget }: FocusEvent) => {
        if (!currentTarget.contains(relatedTarget)) change({ focus: false })
      },
    },
  }
}
