import { memo, type MouseEvent } from 'react'
import type { StoredEvent } from '@lectern/protocol'
import { useFormatter, useTranslations } from 'use-intl'
import { notebookName } from '../class/progress.ts'
import type { Span, Story } from './story.ts'

/** Marks closer to each other than this part of the picture are one. */
const APART = 1 / 400
const LANES = ['there', 'notebooks', 'runs', 'edits', 'talk'] as const

type MarkKind = 'ok' | 'error' | 'edit' | 'help' | 'message'

const KIND_OF: Partial<Record<StoredEvent['type'], MarkKind>> = {
  cell_edited: 'edit',
  cell_added: 'edit',
  cell_removed: 'edit',
  help_requested: 'help',
  message_sent: 'message',
}
const LANE_OF: Record<MarkKind, (typeof LANES)[number]> = {
  ok: 'runs',
  error: 'runs',
  edit: 'edits',
  help: 'talk',
  message: 'talk',
}

const shareOf = (time: number, { from, to }: Pick<Story, 'from' | 'to'>) =>
  to <= from ? 0 : (time - from) / (to - from)

function kindOf(event: StoredEvent): MarkKind | undefined {
  if (event.type === 'cell_executed') return event.data.status === 'error' ? 'error' : 'ok'
  return KIND_OF[event.type]
}

/** Marks by lane, each place once. */
function marksOf(story: Story): ReadonlyMap<string, readonly (readonly [string, MarkKind, number])[]> {
  const marks = new Map<string, [string, MarkKind, number]>()
  for (const event of story.events) {
    const kind = kindOf(event)
    if (!kind) continue
    const share = shareOf(event.time, story)
    const key = `${kind} ${Math.round(share / APART)}`
    marks.set(key, [key, kind, share])
  }
  return Map.groupBy(marks.values(), ([, kind]) => LANE_OF[kind])
}

function Spans({ spans, story }: { readonly spans: readonly Span[]; readonly story: Story }) {
  return spans.map(({ from, to, text }, index) => (
    <span
      key={from}
      className={`story-span ${index % 2 === 1 ? 'odd' : ''}`}
      title={text === 'there' ? undefined : text}
      style={{
        insetInlineStart: `${100 * shareOf(from, story)}%`,
        width: `max(3px, ${100 * (shareOf(to, story) - shareOf(from, story))}%)`,
      }}
    >
      {text === 'there' ? '' : notebookName({ id: text, path: text })}
    </span>
  ))
}

const Lanes = memo(function Lanes({ story }: { readonly story: Story }) {
  const marks = marksOf(story)
  return LANES.map((lane) => (
    <div key={lane} className={`story-lane lane-${lane}`}>
      {lane === 'there' && <Spans spans={story.there} story={story} />}
      {lane === 'notebooks' && <Spans spans={story.notebooks} story={story} />}
      {marks.get(lane)?.map(([key, kind, share]) => (
        <span key={key} className={`story-mark is-${kind}`} style={{ insetInlineStart: `${100 * share}%` }} />
      ))}
    </div>
  ))
})

interface PictureProps {
  readonly story: Story
  readonly time: number
  readonly onTime: (time: number) => void
}

/** Everything that happened, as lanes over time; the list beside it says the same in words. */
export function Picture({ story, time, onTime }: PictureProps) {
  const t = useTranslations('story')
  const format = useFormatter()
  const clock = (at: number) => format.dateTime(at, { timeStyle: 'short' })
  const { events, runs, from, to } = story
  const count = (is: (event: StoredEvent) => boolean) => events.filter(is).length
  const go = ({ currentTarget, clientX }: MouseEvent) => {
    const { left, width } = currentTarget.getBoundingClientRect()
    onTime(from + ((clientX - left) / width) * (to - from))
  }
  const said = {
    from: clock(from),
    to: clock(to),
    runs: runs.size,
    failures: count((one) => one.type === 'cell_executed' && one.data.status === 'error'),
    help: count(({ type }) => type === 'help_requested'),
  }
  return (
    <div className="story-picture">
      <div className="story-names" aria-hidden="true">
        {LANES.map((lane) => (
          <span key={lane}>{t(`lanes.${lane}`)}</span>
        ))}
      </div>
      {/* The slider under it does the same by keys. */}
      <div className="story-lanes" role="img" aria-label={t('picture', said)} onClick={go}>
        <Lanes story={story} />
        <span className="story-now" style={{ insetInlineStart: `${100 * shareOf(time, story)}%` }} />
      </div>
    </div>
  )
}
