import { useTranslations } from 'use-intl'
import { useReason } from '../class/use-reason.ts'
import { KindBadge } from '../parts/icons.tsx'
import { useStudentHref } from '../shell/place.ts'
import type { PlanItem } from './plan-items.ts'
import type { Stop } from './walking-order.ts'

interface WayListProps {
  readonly classId: string
  readonly way: readonly Stop[]
  readonly items: readonly PlanItem[]
  /** The server's clock, ms, in coarse steps. */
  readonly clock: number
}

/** The way through the room as a list: to whom, where, what for. */
export function WayList({ classId, way, items, clock }: WayListProps) {
  const t = useTranslations('room')
  const reason = useReason({ isBrief: true })
  const hrefOf = useStudentHref(classId)
  const byId = new Map(items.flatMap((item) => (item.row ? [[item.row.id, item] as const] : [])))
  return (
    <section className="way" aria-labelledby="way-title">
      <h3 id="way-title">{t('way')}</h3>
      {way.length === 0 && <p className="muted">{t('wayEmpty')}</p>}
      <ol className="way-list">
        {way.map(({ id }) => {
          const item = byId.get(id)
          return item?.row ? (
            <li key={id} className={`kind-${item.kind}`}>
              <KindBadge kind={item.kind} />
              <a href={hrefOf(id)}>{item.row.name}</a>
              <span className="seat-name">{item.seat}</span>
              <span className="tile-reason">{reason(item.row.phase, clock)}</span>
            </li>
          ) : null
        })}
      </ol>
    </section>
  )
}
