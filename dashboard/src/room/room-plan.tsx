import { useCallback, useRef, useState, type KeyboardEvent, type PointerEvent, type RefObject } from 'react'
import type { AttentionKind, SeatPlace } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { hrefOfClass } from '../app/route.ts'
import { useStudentHref } from '../shell/place.ts'
import { itemAfterKey, type PlanItem } from './plan-items.ts'
import { MovableMarker, SeatMarker } from './seat-marker.tsx'
import type { Stop } from './walking-order.ts'

/** Up to so many have their names written beside them, and up to so many are shown as large signs. */
const NAMED = 60
const LARGE = 260

interface RoomPlanProps {
  readonly classId: string
  readonly items: readonly PlanItem[]
  /** Address of the picture, if there is one. */
  readonly picture: string | undefined
  /** Width of the plan by its height. */
  readonly aspect: number
  /** The kind that alone is shown plainly, if any. */
  readonly only: AttentionKind | undefined
  readonly way: readonly Stop[]
  /** The server's clock, ms, in coarse steps. */
  readonly clock: number
  readonly plan: RefObject<HTMLDivElement | null>
  /** Undefined while nothing is arranged. */
  readonly arranging:
    | {
        readonly dragged: SeatPlace | undefined
        readonly onBegin: (item: PlanItem, event: PointerEvent) => void
        readonly onPlace: (place: SeatPlace) => void
      }
    | undefined
}

/** The way through the room as a line from seat to seat. */
function Way({ way }: Pick<RoomPlanProps, 'way'>) {
  const points = way.map(({ x, y }) => `${x},${y}`).join(' ')
  return (
    <svg className="plan-way" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      <polyline points={points} vectorEffect="non-scaling-stroke" />
    </svg>
  )
}

function Seats({ classId, items, only, way, clock, plan }: RoomPlanProps) {
  const t = useTranslations('room')
  const studentHref = useStudentHref(classId)
  const [activeKey, setActiveKey] = useState<string>()
  const active = Math.max(
    0,
    items.findIndex(({ key }) => key === activeKey),
  )
  const move = useCallback(
    (event: KeyboardEvent) => {
      const to = itemAfterKey(items, active, event.key)
      const next = to === undefined ? undefined : items[to]
      if (!next) return
      event.preventDefault()
      setActiveKey(next.key)
      requestAnimationFrame(() => plan.current?.querySelector<HTMLElement>('a.seat[tabindex="0"]')?.focus())
    },
    [active, items, plan],
  )
  const numbers = new Map(way.map(({ id }, n) => [id, n + 1]))
  return (
    <ul aria-label={t('seats')} onKeyDown={move}>
      {items.map((item, index) => (
        <li key={item.key} onFocus={() => setActiveKey(item.key)}>
          <SeatMarker
            item={item}
            x={item.place.x}
            y={item.place.y}
            href={
              item.row
                ? studentHref(item.row.id)
                : hrefOfClass({ id: classId, view: 'list', query: { team: item.place.id } })
            }
            number={item.row && numbers.get(item.row.id)}
            isDim={only !== undefined && item.kind !== only}
            isTabStop={index === active}
            clock={clock}
          />
        </li>
      ))}
    </ul>
  )
}

/** The room from above: the picture, and on it everybody by how they are. */
export function RoomPlan(props: RoomPlanProps) {
  const { items, picture, aspect, way, clock, plan, arranging } = props
  const t = useTranslations('room')
  const size = items.length <= NAMED ? 'named' : items.length <= LARGE ? 'large' : 'small'
  const scroll = useRef<HTMLDivElement>(null)
  return (
    <div className="plan-scroll" ref={scroll}>
      <div
        className={`plan plan-${size} ${arranging ? 'is-arranged' : ''}`}
        style={{ aspectRatio: String(aspect) }}
        ref={plan}
      >
        {picture === undefined ? (
          <span className="plan-front">{t('front')}</span>
        ) : (
          <img className="plan-picture" src={picture} alt={t('picture')} draggable={false} />
        )}
        {way.length > 1 && <Way way={way} />}
        {arranging ? (
          items.map((item) => {
            const { dragged } = arranging
            const held = dragged?.id === item.place.id && dragged.kind === item.place.kind ? dragged : item.place
            return held.x === undefined || held.y === undefined ? null : (
              <MovableMarker
                key={item.key}
                item={item}
                x={held.x}
                y={held.y}
                clock={clock}
                onBegin={arranging.onBegin}
                onPlace={arranging.onPlace}
              />
            )
          })
        ) : (
          <Seats {...props} />
        )}
      </div>
    </div>
  )
}
