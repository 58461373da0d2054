import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import type { StoredEvent } from '@lectern/protocol'
import { useFormatter, useTranslations } from 'use-intl'
import { useEventWords, writtenIn } from './use-event-words.ts'

const LINE_PX = 34

interface EventListProps {
  readonly events: readonly StoredEvent[]
  /** Number of the event that is looked at; -1 for none. */
  readonly current: number
  readonly onPick: (event: StoredEvent) => void
  readonly staff: ReadonlyMap<string, string>
}

function signOf(event: StoredEvent): string {
  if (event.type === 'cell_executed') return event.data.status === 'error' ? 'error' : 'ok'
  if (event.type.startsWith('help_')) return 'help'
  return event.type.startsWith('message_') ? 'message' : 'other'
}

/** What happened, in words, the newest last; the one that is looked at is marked. */
export function EventList({ events, current, onPick, staff }: EventListProps) {
  const t = useTranslations('story')
  const format = useFormatter()
  const words = useEventWords(staff)
  const scroll = useRef<HTMLDivElement>(null)
  const list = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => LINE_PX,
    overscan: 12,
  })
  useEffect(() => {
    if (current >= 0) list.scrollToIndex(current, { align: 'auto' })
  }, [list, current])
  return (
    <div className="event-list" ref={scroll} role="region" aria-label={t('list')} tabIndex={0}>
      <ol style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map(({ index, start, key }) => {
          const event = events[index]
          if (!event) return null
          const written = writtenIn(event)
          return (
            <li key={key} data-index={index} ref={list.measureElement} style={{ transform: `translateY(${start}px)` }}>
              <button
                type="button"
                className={`event-line is-${signOf(event)}`}
                aria-current={index === current ? 'step' : undefined}
                onClick={() => onPick(event)}
              >
                <time>{format.dateTime(event.time, { timeStyle: 'medium' })}</time>
                <span className="event-sign" aria-hidden="true" />
                <span className="event-words">
                  {words(event)}
                  {written !== undefined && <q>{written}</q>}
                </span>
              </button>
            </li>
          )
        })}
      </ol>
    </div>
  )
}
