import { useCallback, useEffect, useRef, useState, type PointerEvent as Pressed, type RefObject } from 'react'
import type { SeatOf, SeatPlace } from '@lectern/protocol'
import { percent } from './grid-places.ts'

/** Less than this, in pixels, is a press, not a drag. */
const DRAG_FROM_PX = 4

interface Dragged {
  readonly of: SeatOf
  /** Where it would stand now; without `x` it is held outside the plan. */
  readonly place: SeatPlace
}

interface DragOptions {
  readonly plan: RefObject<HTMLElement | null>
  /** It was let go: on the plan, or, without `x`, outside of it. */
  readonly onDrop: (place: SeatPlace) => void
}

function placeAt(plan: HTMLElement, of: SeatOf, { clientX, clientY }: PointerEvent): SeatPlace {
  const { left, top, width, height } = plan.getBoundingClientRect()
  const [x, y] = [(100 * (clientX - left)) / width, (100 * (clientY - top)) / height]
  if (x < 0 || y < 0 || x > 100 || y > 100) return { ...of }
  return { ...of, x: percent(x), y: percent(y) }
}

/** Drags seats by mouse, pen or finger, from beside the plan as on it. Escape lets go where it was. */
export function useDrag({ plan, onDrop }: DragOptions) {
  const [dragged, setDragged] = useState<Dragged>()
  const end = useRef<() => void>(undefined)
  const drop = useRef(onDrop)
  drop.current = onDrop
  useEffect(() => () => end.current?.(), [])

  const begin = useCallback(
    (of: SeatOf, { clientX, clientY, button }: Pressed) => {
      if (button !== 0) return
      const listening = new AbortController()
      const options = { signal: listening.signal }
      let last: SeatPlace | undefined
      end.current = () => {
        listening.abort()
        setDragged(undefined)
      }
      const move = (event: PointerEvent) => {
        if (!last && Math.hypot(event.clientX - clientX, event.clientY - clientY) < DRAG_FROM_PX) return
        if (!plan.current) return
        last = placeAt(plan.current, of, event)
        setDragged({ of, place: last })
      }
      const release = () => {
        end.current?.()
        if (last) drop.current(last)
      }
      window.addEventListener('pointermove', move, options)
      window.addEventListener('pointerup', release, options)
      window.addEventListener('pointercancel', () => end.current?.(), options)
      window.addEventListener('keydown', ({ key }) => key === 'Escape' && end.current?.(), options)
    },
    [plan],
  )
  return { dragged, begin }
}
