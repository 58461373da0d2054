import type { NotebookPanel } from '@jupyterlab/notebook'
import type { MessageOutcome } from '../../../protocol/src/message-words.ts'
import type { OwnMessage } from '../../../protocol/src/talk.ts'
import { cellIn, goToCell, openCellOf, openNotebookOf } from './message-place.ts'
import type { Room } from './room.ts'
import { SuggestionNote } from './suggestion-note.ts'

/** Many cells come and go at once. */
const QUIET_MS = 200

/** Shows hints and cells that staff offer beside the cell they belong to, and takes the student's answer. */
export interface Suggestions {
  /** Puts the cell in below its place, or shows the hint there; false when its place is not open. */
  apply(message: OwnMessage): Promise<boolean>
  answer(message: OwnMessage, outcome: MessageOutcome): void
  /** The student has it before their eyes, beside its cell. */
  isInView(message: OwnMessage): boolean
}

/** Those that stand beside their cell: not answered yet, or a hint that the student wants to see there. */
const isBeside = ({ kind, state }: OwnMessage, isShown: boolean): boolean => {
  if (kind !== 'hint' && kind !== 'cell') return false
  return state === 'sent' || state === 'seen' || (kind === 'hint' && state === 'applied' && isShown)
}

/** Puts a code cell in; it can be taken back like anything else that was typed. Its index. */
function insertBelow(panel: NotebookPanel, message: OwnMessage): number {
  const at = (cellIn(panel, message)?.index ?? panel.content.activeCellIndex) + 1
  panel.model?.sharedModel.insertCell(at, { cell_type: 'code', source: message.text, metadata: {}, outputs: [] })
  return at
}

/** Starts to keep the notes beside the cells of every open notebook. */
export function addSuggestions(room: Room): Suggestions {
  const { tracker, talk, texts, app } = room
  const notes = new Map<string, SuggestionNote>()
  /** Hints that the student asked to see on this page. */
  const wanted = new Set<string>()
  const activate = (id: string) => app.shell.activateById(id)

  const put = (message: OwnMessage): void => {
    const found = message.notebook && message.cell ? openCellOf(tracker, message) : undefined
    const before = notes.get(message.id)
    if (before && (before.isDisposed || before.cell !== found?.cell || before.state !== message.state)) {
      notes.delete(message.id)
      before.dispose()
    }
    if (!found || notes.has(message.id)) return
    const { cell } = found
    notes.set(message.id, new SuggestionNote({ cell, message, texts, suggestions, close: () => close(message) }))
  }
  const look = () => {
    const beside = talk.messages.get().filter((message) => isBeside(message, wanted.has(message.id)))
    const ids = new Set(beside.map(({ id }) => id))
    for (const [id, note] of notes) {
      if (ids.has(id)) continue
      notes.delete(id)
      note.dispose()
    }
    for (const message of beside) put(message)
  }
  let timer: ReturnType<typeof setTimeout> | undefined
  const lookSoon = () => {
    clearTimeout(timer)
    timer = setTimeout(look, QUIET_MS)
  }
  const close = ({ id }: OwnMessage) => {
    wanted.delete(id)
    look()
  }

  const suggestions: Suggestions = {
    async apply(message) {
      const panel = openNotebookOf(tracker, message)
      const cell = panel && cellIn(panel, message)
      if (!panel?.model || (message.kind === 'hint' && !cell)) return false
      if (message.kind === 'hint') wanted.add(message.id)
      const index = message.kind === 'cell' ? insertBelow(panel, message) : (cell?.index ?? 0)
      talk.answer(message, 'applied')
      const shown = panel.content.widgets[index]
      if (shown) await goToCell(activate, { panel, cell: shown, index })
      return true
    },
    answer: (message, outcome) => talk.answer(message, outcome),
    isInView: ({ id }) => notes.get(id)?.isInView() === true,
  }

  const watch = async (panel: NotebookPanel) => {
    await panel.context.ready
    if (panel.isDisposed) return
    // Not at each key: only cells that come and go change where a note stands.
    panel.model?.cells.changed.connect(lookSoon)
    panel.disposed.connect(lookSoon)
    look()
  }
  tracker.forEach((panel) => void watch(panel))
  tracker.widgetAdded.connect((_, panel) => void watch(panel))
  talk.messages.subscribe(look)
  return suggestions
}
