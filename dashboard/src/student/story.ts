import type { CellRef, NotebookRef, StoredEvent } from '@lectern/protocol'

/** A run of a cell. */
export type RunEvent = Extract<StoredEvent, { type: 'cell_executed' }>

/** One run, with its place among those of the cell. */
export interface Run {
  readonly event: RunEvent
  readonly notebook: NotebookRef
  readonly cell: CellRef
  /** Name of the cell: notebook and cell together. */
  readonly key: string
  /** From 1. */
  readonly n: number
  readonly of: number
  /** The run of the same cell before, and the first. */
  readonly before: RunEvent | undefined
  readonly first: RunEvent
}

/** A time from which something was so until another. */
export interface Span {
  readonly from: number
  readonly to: number
  readonly text: string
}

/** Everything that is known of what a student did, in the order of time. */
export interface Story {
  readonly events: readonly StoredEvent[]
  /** Runs by the offset of their event. */
  readonly runs: ReadonlyMap<number, Run>
  /** Cells that were run, in the order of notebooks and cells. */
  readonly cells: readonly Run[]
  /** When the student was there, and in which notebook. */
  readonly there: readonly Span[]
  readonly notebooks: readonly Span[]
  readonly from: number
  readonly to: number
}

export const cellKey = (notebook: string, cell: string): string => `${notebook}#${cell}`

function runsOf(events: readonly StoredEvent[]): Map<number, Run> {
  const byCell = new Map<string, { event: RunEvent; notebook: NotebookRef; cell: CellRef }[]>()
  for (const event of events) {
    const { notebook, cell } = event
    if (event.type !== 'cell_executed' || !notebook || !cell) continue
    const key = cellKey(notebook.id, cell.id)
    const known = byCell.get(key)
    if (known) known.push({ event, notebook, cell })
    else byCell.set(key, [{ event, notebook, cell }])
  }
  const runs = new Map<number, Run>()
  for (const [key, all] of byCell) {
    for (const [index, one] of all.entries()) {
      const first = all[0]?.event ?? one.event
      runs.set(one.event.offset, { ...one, key, n: index + 1, of: all.length, before: all[index - 1]?.event, first })
    }
  }
  return runs
}

const ENDS = new Set<StoredEvent['type']>(['session_ended', 'connection_lost'])
/** What the server or the staff did says nothing of the student's being there. */
const OF_OTHERS = new Set<StoredEvent['type']>([
  'connection_lost',
  'help_resolved',
  'help_claimed',
  'help_released',
  'message_sent',
  'message_withdrawn',
  'sharing_changed',
])

function spansOf(events: readonly StoredEvent[], textOf: (event: StoredEvent) => string | undefined): Span[] {
  const spans: Span[] = []
  let open: Span | undefined
  for (const event of events) {
    const { time } = event
    const text = textOf(event)
    if (open) open = { ...open, to: time }
    if (text === undefined || text === open?.text) continue
    if (open && open.text !== '') spans.push(open)
    open = { from: time, to: time, text }
  }
  if (open && open.text !== '') spans.push(open)
  return spans
}

/** Puts events together that came page by page. */
export function storyOf(all: readonly StoredEvent[]): Story {
  const events = all.toSorted((a, b) => a.time - b.time || a.offset - b.offset)
  const runs = runsOf(events)
  const last = new Map([...runs.values()].map((run) => [run.key, run]))
  const cells = [...last.values()].sort(
    (a, b) => a.notebook.id.localeCompare(b.notebook.id) || a.cell.index - b.cell.index,
  )
  const present = (event: StoredEvent) => (ENDS.has(event.type) ? '' : OF_OTHERS.has(event.type) ? undefined : 'there')
  return {
    events,
    runs,
    cells,
    there: spansOf(events, present),
    notebooks: spansOf(events, ({ notebook }) => notebook?.path || notebook?.id),
    from: events[0]?.time ?? 0,
    to: events.at(-1)?.time ?? 0,
  }
}

/** Number of the event that was picked, by its offset, or else of the last at or before a time; -1 if there is none. */
export function indexAt(events: readonly StoredEvent[], time: number, picked?: number): number {
  const found = picked === undefined ? -1 : events.findIndex(({ offset }) => offset === picked)
  return found >= 0 ? found : events.findLastIndex((event) => event.time <= time)
}

/** What the list is narrowed to: everything, kinds of events, or the runs of one cell (its key). */
export const FILTERS = ['all', 'runs', 'errors', 'talk'] as const
export type Filter = (typeof FILTERS)[number]

const TALK = /^(help|message)_/

/** The events that a filter leaves. */
export function narrowed(story: Story, filter: string): readonly StoredEvent[] {
  if (filter === 'all') return story.events
  if (filter === 'runs') return story.events.filter(({ offset }) => story.runs.has(offset))
  if (filter === 'errors')
    return story.events.filter((one) => one.type === 'cell_executed' && one.data.status === 'error')
  if (filter === 'talk') return story.events.filter(({ type }) => TALK.test(type))
  return story.events.filter(({ offset }) => story.runs.get(offset)?.key === filter)
}
