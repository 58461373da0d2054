import type { PointerEvent } from 'react'
import type { SeatOf } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { KindBadge } from '../parts/icons.tsx'
import type { PlanItems } from './plan-items.ts'

interface TrayProps extends Pick<PlanItems, 'unplaced' | 'unplacedTeams'> {
  readonly onBegin: (of: SeatOf, event: PointerEvent) => void
  /** Puts it into the middle of the plan, for the keyboard. */
  readonly onPut: (of: SeatOf) => void
}

/** Who has no place yet: dragged from here, or put on the plan by Enter and moved there by arrow keys. */
export function Tray({ unplaced, unplacedTeams, onBegin, onPut }: TrayProps) {
  const t = useTranslations('room')
  const waiting = [
    ...unplaced.map(({ id, name, phase }) => ({ kind: 'student' as const, id, name, need: phase.kind })),
    ...unplacedTeams.map(({ id, phase }) => ({ kind: 'team' as const, id, name: id, need: phase.kind })),
  ]
  return (
    <section className="tray" aria-labelledby="tray-title">
      <h3 id="tray-title">{t('waiting', { n: unplaced.length })}</h3>
      <p className="muted small" id="seat-keys">
        {t('keys')}
      </p>
      <ul className="tray-list">
        {waiting.map(({ kind, id, name, need }) => (
          <li key={`${kind} ${id}`}>
            <button
              type="button"
              className={`tray-item ${kind === 'team' ? 'is-team' : ''}`}
              aria-label={t(kind === 'team' ? 'putTeam' : 'put', { name })}
              onPointerDown={(event) => onBegin({ kind, id }, event)}
              onClick={(event) => {
                // A press of a pointer was a drag that went nowhere.
                if (event.detail === 0) onPut({ kind, id })
              }}
            >
              <KindBadge kind={need} />
              <span>{name}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
