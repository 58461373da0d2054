import type { NotebookPanel } from '@jupyterlab/notebook'
import type { CellRef, NotebookRef } from '../../../protocol/src/events.ts'
import { LIMITS } from '../../../protocol/src/limits.ts'
import { identitiesOf, namedIdentity } from '../core/identity.ts'
import { cutText } from '../core/text.ts'

type Cell = NonNullable<NotebookPanel['content']['activeCell']>
/** A model of any cell. */
export type CellModel = Cell['model']
type CodeModel = CellModel & {
  readonly outputs: { toJSON(): unknown[] }
  readonly executionCount: number | null
}
/** A code cell, as far as it is read here. */
export type CodeCell = Omit<Cell, 'model'> & { readonly model: CodeModel }

/** What is known of one open notebook. */
interface Known {
  readonly notebook: string
  /** Identity by the id of the cell's model. */
  readonly cells: Map<string, string>
  readonly keepsIds: boolean
}

const known = new WeakMap<NotebookPanel, Known>()
/** Where a notebook was last, for what is still to be said of it when it is closed. */
const last = new WeakMap<NotebookPanel, NotebookRef>()

/** Every run at the prompt of a console, of whomever (SPEC EVT-8). */
export const CONSOLE_CELL: CellRef = { id: 'console', index: 0, type: 'code' }

/** The notebook of a console's runs. */
export function consoleRef(path: string): NotebookRef {
  return { id: CONSOLE_CELL.id, path: cutText(path, LIMITS.notebookChars) }
}

const isCode = (model: CellModel): model is CodeModel => model.type === 'code'

function look(panel: NotebookPanel): Known | undefined {
  const before = known.get(panel)
  const { model, context } = panel
  if (before || !model || !context.isReady) return before
  const cells = [...model.cells]
  // Notebooks kept as text, and those of nbformat 4.4 and before, hold no ids of cells.
  const keepsIds = model.nbformat > 4 || (model.nbformatMinor >= 5 && context.localPath.endsWith('.ipynb'))
  const identities = identitiesOf({
    path: context.localPath,
    metadata: model.metadata,
    keepsIds,
    isUsed: cells.some((cell) => isCode(cell) && (cell.executionCount !== null || cell.outputs.toJSON().length > 0)),
    cells: cells.map(({ id, type, metadata, sharedModel }) => ({
      id,
      type,
      metadata: metadata as Readonly<Record<string, unknown>>,
      source: sharedModel.getSource(),
    })),
  })
  const made = {
    notebook: identities.notebook,
    cells: new Map(cells.map(({ id }, index) => [id, identities.cells[index] ?? id])),
    keepsIds,
  }
  known.set(panel, made)
  return made
}

/** The identity that all copies of a handed-out notebook share (SPEC EVT-7), and the path the student sees. */
export function notebookRef(panel: NotebookPanel): NotebookRef {
  const before = last.get(panel)
  if (panel.isDisposed && before) return before
  const path = cutText(panel.context.localPath, LIMITS.notebookChars)
  const ref = { id: cutText(look(panel)?.notebook ?? (path || 'untitled'), LIMITS.notebookChars), path }
  last.set(panel, ref)
  return ref
}

/** A cell that came after the notebook was opened has the identity it brings, unless another cell here has it. */
function identityOf(panel: NotebookPanel, model: CellModel): string {
  const notebook = look(panel)
  if (!notebook) return model.id
  const before = notebook.cells.get(model.id)
  if (before !== undefined) return before
  const others = [...(panel.model?.cells ?? [])].filter((cell) => cell !== model)
  const named = namedIdentity(model.metadata)
  const taken = named === undefined || others.some(({ id }) => notebook.cells.get(id) === named)
  const identity = taken ? model.id : named
  notebook.cells.set(model.id, identity)
  return identity
}

/** Identity, place and type of a cell. */
export function cellRef(panel: NotebookPanel, model: CellModel): CellRef {
  const index = [...(panel.model?.cells ?? [])].indexOf(model)
  const type = model.type === 'markdown' || model.type === 'raw' ? model.type : 'code'
  return { id: cutText(identityOf(panel, model), LIMITS.cellIdChars), index: Math.max(0, index), type }
}

/**
 * Writes identities that had to be made into the notebook, so that they outlive changes and reloads. Called when the student
 * changes the notebook: a file that is only looked at stays as it was.
 */
export function keepIdentities(panel: NotebookPanel): void {
  const { model } = panel
  const notebook = look(panel)
  if (!model || !notebook || model.readOnly) return
  const lectern = (value: unknown, id: string) => ({ ...(typeof value === 'object' ? value : {}), id })
  if (model.getMetadata('lectern')?.id !== notebook.notebook)
    model.setMetadata('lectern', lectern(model.getMetadata('lectern'), notebook.notebook))
  if (notebook.keepsIds) return
  for (const cell of model.cells) {
    const identity = identityOf(panel, cell)
    if (namedIdentity(cell.metadata) === identity) continue
    cell.setMetadata('lectern', lectern(cell.getMetadata('lectern'), identity))
  }
}
