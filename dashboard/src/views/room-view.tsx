import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { SeatOf, SeatPlace } from '@lectern/protocol'
import { Button, ToggleButton } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { may } from '../class/may.ts'
import { sinceOf } from '../class/overview.ts'
import { useNarrowing } from '../class/use-narrowing.ts'
import { useRosterIndex } from '../class/use-roster-index.ts'
import { Icon } from '../parts/icons.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { gridPlaces } from '../room/grid-places.ts'
import { PictureMenu } from '../room/picture-menu.tsx'
import { inSeatingOrder, planItems, type PlanItem } from '../room/plan-items.ts'
import { RoomPlan } from '../room/room-plan.tsx'
import { seatKey } from '../room/seat-store.ts'
import { Tray } from '../room/tray.tsx'
import { useDrag } from '../room/use-drag.ts'
import { pictureAddress, usePicture } from '../room/use-picture.ts'
import { useSeats } from '../room/use-seats.ts'
import { walkingOrder } from '../room/walking-order.ts'
import { WayList } from '../room/way-list.tsx'
import { useSeen } from '../shell/seen.tsx'
import type { ViewProps } from '../shell/views.ts'
import { createTeams } from '../teams/teams.ts'
import '../styles/wall.css'
import '../styles/teams.css'
import '../styles/room.css'

/** Minutes are shown: finer than this would render every seat for nothing. */
const CLOCK_STEP_MS = 10_000
/** Of a plan without a picture. */
const ASPECT = 1.6
const MIDDLE = 50

/** Everything on the plan, as it is now. */
function useRoom(classId: string) {
  const { overview } = useSeen()
  const roster = useRosterIndex(classId)
  const seats = useSeats(classId)
  const read = useMemo(createTeams, [])
  const teams = useMemo(() => read(overview.rows, roster), [read, overview.rows, roster])
  const aspect = seats.picture ? seats.picture.width / seats.picture.height : ASPECT
  const { byId } = overview
  const plan = useMemo(() => planItems(seats.places, { byId, teams }, aspect), [seats.places, byId, teams, aspect])
  return { ...seats, ...plan, teams, aspect }
}

function useWay(items: readonly PlanItem[], aspect: number, isShown: boolean) {
  return useMemo(() => {
    if (!isShown) return []
    const stops = items.flatMap(({ row, place: { x, y } }) =>
      row ? [{ id: row.id, kind: row.phase.kind, since: sinceOf(row.phase), x, y }] : [],
    )
    return walkingOrder(stops, aspect)
  }, [items, aspect, isShown])
}

/** Ctrl or Command with Z takes the last change back, where it does not mean the text that is being written. */
function useUndoKey(undo: (() => void) | undefined): void {
  useEffect(() => {
    if (!undo) return
    const press = (event: KeyboardEvent) => {
      const isText = event.target instanceof HTMLElement && event.target.matches('input, textarea')
      if (event.key !== 'z' || !(event.ctrlKey || event.metaKey) || event.shiftKey || isText) return
      event.preventDefault()
      undo()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [undo])
}

/** The room from above: where everybody sits and how they are, in which order to go to them; with the right to it, to be arranged. */
export function RoomView({ info }: ViewProps) {
  const t = useTranslations('room')
  const { now } = useSeen()
  const { kind } = useNarrowing(info.id)
  const room = useRoom(info.id)
  const { store, items, aspect, picture, error } = room
  const [isArranging, setArranging] = useState(false)
  const [isWalking, setWalking] = useState(true)
  const plan = useRef<HTMLDivElement>(null)
  const way = useWay(items, aspect, isWalking && !isArranging)
  const clock = Math.floor(now / CLOCK_STEP_MS) * CLOCK_STEP_MS

  const place = useCallback((one: SeatPlace) => void store.place([one]), [store])
  const { dragged, begin } = useDrag({ plan, onDrop: place })
  const beginItem = useCallback((item: PlanItem, event: React.PointerEvent) => begin(item.place, event), [begin])
  const put = (of: SeatOf) => {
    place({ ...of, x: MIDDLE, y: MIDDLE })
    requestAnimationFrame(() =>
      plan.current?.querySelector<HTMLElement>(`[data-seat="${CSS.escape(seatKey(of))}"]`)?.focus(),
    )
  }
  const seatAll = () => void store.place(gridPlaces(inSeatingOrder(room.teams), aspect))
  const change = usePicture(info.id, picture !== undefined, store.refresh)
  const undo = useCallback(() => void store.undo(), [store])
  useUndoKey(isArranging ? undo : undefined)

  // What is dragged in from beside the plan is on it before it is let go.
  const shown = room.isProvisional && isArranging ? [] : items
  return (
    <section className="room" aria-labelledby="room-title">
      <header className="view-head">
        <h2 id="room-title">{t('title')}</h2>
        {room.isProvisional && room.version !== undefined && <span className="panel-note">{t('provisional')}</span>}
        <div className="panel-tools">
          {isArranging && (
            <>
              <Button className="button" onPress={undo} isDisabled={room.undoable === 0}>
                <Icon name="undo" />
                {t('undo')}
              </Button>
              <Button className="button" onPress={seatAll}>
                {t('seatAll')}
              </Button>
              <PictureMenu change={change} hasPicture={picture !== undefined} />
            </>
          )}
          {!isArranging && (
            <ToggleButton className="button toggle" isSelected={isWalking} onChange={setWalking}>
              <Icon name="away" />
              {t('way')}
            </ToggleButton>
          )}
          {may(info, 'class.edit') && (
            <ToggleButton className="button toggle" isSelected={isArranging} onChange={setArranging}>
              <Icon name={isArranging ? 'check' : 'settings'} />
              {isArranging ? t('done') : t('arrange')}
            </ToggleButton>
          )}
        </div>
      </header>
      {error !== undefined && <ProblemNote error={error} onRetry={() => void store.refresh()} />}
      {change.error !== undefined && <ProblemNote error={change.error} />}
      <div className="room-parts">
        <RoomPlan
          classId={info.id}
          items={shown}
          picture={picture && pictureAddress(info.id, picture)}
          aspect={aspect}
          only={kind}
          way={way}
          clock={clock}
          plan={plan}
          arranging={isArranging ? { dragged: dragged?.place, onBegin: beginItem, onPlace: place } : undefined}
        />
        {isArranging && (
          <Tray unplaced={room.unplaced} unplacedTeams={room.unplacedTeams} onBegin={begin} onPut={put} />
        )}
        {!isArranging && isWalking && <WayList classId={info.id} way={way} items={items} clock={clock} />}
      </div>
    </section>
  )
}
