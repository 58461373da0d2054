import { memo, type KeyboardEvent, type PointerEvent } from 'react'
import type { SeatPlace } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { useReason } from '../class/use-reason.ts'
import { Icon } from '../parts/icons.tsx'
import { percent } from './grid-places.ts'
import type { PlanItem } from './plan-items.ts'

/** Per cent that an arrow key moves, and with Shift. */
const STEP = { small: 1, large: 5 } as const
const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
}

interface MarkerProps {
  readonly item: PlanItem
  /** Where it is shown. */
  readonly x: number
  readonly y: number
  /** The server's clock, ms, in coarse steps. */
  readonly clock: number
}

/** Who sits there and what they need, in words. */
function Words({ item: { row, team, seat }, clock }: Pick<MarkerProps, 'item' | 'clock'>) {
  const kinds = useTranslations('kind')
  const t = useTranslations('wall')
  const reason = useReason()
  return (
    <span className="dot-words">
      <strong>{row?.name ?? team?.id}</strong> {seat !== '' && <span className="seat-name">{seat}</span>}
      <br />
      {row && (
        <span className="tile-reason">
          <span className="off-screen">{kinds(row.phase.kind)}: </span>
          {reason(row.phase, clock)}
        </span>
      )}
      {team && (
        <span className="tile-reason">
          {kinds(team.phase.kind)} · {t('teamSize', { n: team.rows.length })}
        </span>
      )}
    </span>
  )
}

function Face({ item, clock, number }: Pick<MarkerProps, 'item' | 'clock'> & { readonly number?: number | undefined }) {
  return (
    <>
      <Icon name={item.kind} />
      <span className="seat-label" aria-hidden="true">
        {item.row?.name ?? item.team?.id}
      </span>
      {number !== undefined && <span className="seat-number">{number}</span>}
      <Words item={item} clock={clock} />
    </>
  )
}

const classOf = ({ kind, team }: PlanItem) => `seat kind-${kind} ${team ? 'is-team' : ''}`
const placed = (x: number, y: number) => ({ left: `${x}%`, top: `${y}%` })

interface SeatMarkerProps extends MarkerProps {
  readonly href: string
  /** Where it comes on the way through the room. */
  readonly number: number | undefined
  readonly isDim: boolean
  readonly isTabStop: boolean
}

/** A seat of somebody: how they are; a press opens them, or the students of the team. */
export const SeatMarker = memo(function SeatMarker(props: SeatMarkerProps) {
  const { item, x, y, href, isDim, isTabStop } = props
  return (
    <a
      className={`${classOf(item)} ${isDim ? 'is-dim' : ''}`}
      href={href}
      style={placed(x, y)}
      tabIndex={isTabStop ? 0 : -1}
      data-seat={item.key}
      data-kind={item.kind}
    >
      <Face {...props} />
    </a>
  )
})

interface MovableMarkerProps extends MarkerProps {
  readonly onBegin: (item: PlanItem, event: PointerEvent) => void
  readonly onPlace: (place: SeatPlace) => void
}

/** A seat that is being arranged: dragged, moved by arrow keys, taken away by Delete. */
export const MovableMarker = memo(function MovableMarker({ item, x, y, clock, onBegin, onPlace }: MovableMarkerProps) {
  const { kind, id } = item.place
  const press = (event: KeyboardEvent) => {
    const move = Object.hasOwn(MOVES, event.key) ? MOVES[event.key] : undefined
    const by = event.shiftKey ? STEP.large : STEP.small
    if (move) onPlace({ kind, id, x: percent(x + by * move[0]), y: percent(y + by * move[1]) })
    else if (event.key === 'Delete' || event.key === 'Backspace') onPlace({ kind, id })
    else return
    event.preventDefault()
  }
  return (
    <button
      type="button"
      className={`${classOf(item)} is-movable`}
      style={placed(x, y)}
      aria-describedby="seat-keys"
      data-seat={item.key}
      onPointerDown={(event) => onBegin(item, event)}
      onKeyDown={press}
    >
      <Face item={item} clock={clock} />
    </button>
  )
})
