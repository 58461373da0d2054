import type { NotebookPanel } from '@jupyterlab/notebook'
import type { CellRef, NotebookRef } from '../../../protocol/src/events.ts'
import { LIMITS } from '../../../protocol/src/limits.ts'
import { cutText } from '../core/text.ts'

type Cell = NonNullable<NotebookPanel['content']['activeCell']>
/** A model of any cell. */
export type CellModel = Cell['model']
type CodeModel = CellModel & {
  readonly outputs: { toJSON(): unknown[] }
  readonly executionCount: number | null
}
/** A code cell, as far as it is read here. */
export type CodeCell = Omit<Cell, 'model'> & {
  readonly model: CodeModel
  readonly outputArea: { readonly future?: { readonly msg: { readonly header: { readonly msg_id: string } } } | null }
}

/** The identity that all copies of a handed-out notebook share, where its author set one (`metadata.lectern.id`), else the path. */
export function notebookRef(panel: NotebookPanel): NotebookRef {
  const path = cutText(panel.context.localPath, LIMITS.notebookChars)
  const own: unknown = panel.model?.getMetadata('lectern')
  const id = typeof own === 'object' && own !== null ? (own as { id?: unknown }).id : undefined
  return { id: typeof id === 'string' && id !== '' ? cutText(id, LIMITS.notebookChars) : path || 'untitled', path }
}

/** Identity, place and type of a cell. */
export function cellRef(panel: NotebookPanel, model: CellModel): CellRef {
  const cells = panel.model?.cells
  let index = 0
  if (cells) for (const [at, cell] of Array.from(cells).entries()) if (cell === model) index = at
  const type = model.type === 'markdown' || model.type === 'raw' ? model.type : 'code'
  return { id: cutText(model.id, LIMITS.cellIdChars), index, type }
}
