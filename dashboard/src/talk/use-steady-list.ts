import { useMemo, useState, type FocusEvent, type PointerEvent } from 'react'

/** An entry of a list that stands still. `isGone`: it is not in the list any more, and keeps its place until one is out of it. */
export interface Steady<T> {
  readonly entry: T
  readonly isGone: boolean
}

/** The entries in the order in which they were held; new ones come last. */
export function inHeldOrder<T>(
  held: readonly T[],
  entries: readonly T[],
  keyOf: (entry: T) => string,
): readonly Steady<T>[] {
  const left = new Map(entries.map((entry) => [keyOf(entry), entry]))
  const kept = held.map((before): Steady<T> => {
    const entry = left.get(keyOf(before))
    left.delete(keyOf(before))
    return entry === undefined ? { entry: before, isGone: true } : { entry, isGone: false }
  })
  return [...kept, ...[...left.values()].map((entry) => ({ entry, isGone: false }))]
}

/**
 * Keeps a list as it stands while the pointer or the keyboard is in it, so that a press meets what one saw; `hold` goes on the
 * list's element.
 */
export function useSteadyList<T>(entries: readonly T[], keyOf: (entry: T) => string) {
  const [held, setHeld] = useState<readonly T[]>()
  const [by, setBy] = useState({ pointer: false, focus: false })
  const change = (part: Partial<typeof by>) => {
    const next = { ...by, ...part }
    setBy(next)
    if (!next.pointer && !next.focus) setHeld(undefined)
    else setHeld((before) => before ?? entries)
  }
  const shown = useMemo(() => inHeldOrder(held ?? entries, entries, keyOf), [held, entries, keyOf])
  return {
    shown,
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
