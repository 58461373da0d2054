import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook'
import type { OwnMessage } from '../../../protocol/src/talk.ts'
import { cellRef, notebookRef } from './refs.ts'

/** A cell of a notebook that is open. */
export interface OpenCell {
  readonly panel: NotebookPanel
  readonly cell: NotebookPanel['content']['widgets'][number]
  readonly index: number
}

type Place = Pick<OwnMessage, 'notebook' | 'cell'>

/** The notebook that a message belongs to, if it is open; the one in front when the message names none. */
export function openNotebookOf(tracker: INotebookTracker, { notebook }: Place): NotebookPanel | undefined {
  if (!notebook) return tracker.currentWidget ?? undefined
  return tracker.find((panel) => panel.model !== null && notebookRef(panel).id === notebook.id)
}

/** The cell that a message belongs to, in `panel`. */
export function cellIn(panel: NotebookPanel, { cell: wanted }: Place): OpenCell | undefined {
  if (!wanted || !panel.model) return undefined
  const index = panel.content.widgets.findIndex(({ model }) => cellRef(panel, model).id === wanted.id)
  const cell = panel.content.widgets[index]
  return cell && { panel, cell, index }
}

/** The cell that a message belongs to, if it is in a notebook that is open. */
export function openCellOf(tracker: INotebookTracker, place: Place): OpenCell | undefined {
  const panel = openNotebookOf(tracker, place)
  return panel && cellIn(panel, place)
}

/** Brings a cell to the front, with the keyboard on it. */
export async function goToCell(activate: (id: string) => void, { panel, index, cell }: OpenCell): Promise<void> {
  activate(panel.id)
  panel.content.activeCellIndex = index
  await panel.content.scrollToItem(index, 'smart')
  cell.node.focus({ preventScroll: true })
}
