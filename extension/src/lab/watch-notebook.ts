import type { NotebookPanel } from '@jupyterlab/notebook'
import type { Captured } from '../core/client.ts'
import { createEdits, type TextStep } from '../core/edits.ts'
import { cellRef, notebookRef, type CellModel } from './refs.ts'

const EDIT_QUIET_MS = 5_000
const CELLS_QUIET_MS = 1_000
const STATUS_QUIET_MS = 1_000
const PASTE_MS = 100
/** Told at once; the others only when they last. */
const URGENT = new Set(['dead', 'restarting', 'autorestarting'])

interface Parts {
  readonly capture: (captured: Captured) => void
  readonly clock: () => number
  readonly onKernelGone: () => void
}

/** Net cells added and removed; a move is both at once and counts as neither. */
function watchCells(panel: NotebookPanel, { capture }: Parts) {
  const added = new Set<string>()
  const removed = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    clearTimeout(timer)
    const cells = panel.model?.cells.length ?? 0
    const notebook = notebookRef(panel)
    if (added.size > 0) capture({ type: 'cell_added', notebook, data: { count: added.size, cells } })
    if (removed.size > 0) capture({ type: 'cell_removed', notebook, data: { count: removed.size, cells } })
    added.clear()
    removed.clear()
  }
  let known = new Set<string>()
  const ids = () => new Set(Array.from(panel.model?.cells ?? [], (cell) => cell.id))
  known = ids()
  const changed = () => {
    const now = ids()
    for (const id of now) if (!known.has(id) && !removed.delete(id)) added.add(id)
    for (const id of known) if (!now.has(id) && !added.delete(id)) removed.add(id)
    known = now
    clearTimeout(timer)
    timer = setTimeout(flush, CELLS_QUIET_MS)
  }
  return { changed, flush }
}

function watchEdits(panel: NotebookPanel, { capture, clock }: Parts) {
  let pastedAt = Number.NEGATIVE_INFINITY
  const edits = createEdits<CellModel>(EDIT_QUIET_MS, (cell, counts) => {
    capture({ type: 'cell_edited', notebook: notebookRef(panel), cell: cellRef(panel, cell), data: counts })
  })
  const attached = new WeakSet<CellModel>()
  const attach = () => {
    for (const cell of panel.model?.cells ?? []) {
      if (attached.has(cell)) continue
      attached.add(cell)
      cell.sharedModel.changed.connect((_, change) => {
        const { sourceChange } = change as { sourceChange?: readonly TextStep[] }
        // Changes that nobody typed, such as those of a collaborator or of a formatter elsewhere, are not this student's.
        const mine = panel.content.activeCell?.model === cell && panel.node.contains(document.activeElement)
        if (sourceChange && mine) edits.changed(cell, sourceChange, clock() - pastedAt < PASTE_MS)
      })
    }
  }
  panel.node.addEventListener('paste', () => (pastedAt = clock()), { capture: true })
  attach()
  return { ...edits, attach }
}

function watchKernel(panel: NotebookPanel, { capture, onKernelGone }: Parts) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let said = ''
  const say = (status: string) => {
    // `unknown` is between two words of the kernel.
    if (status === said || status === 'unknown' || panel.isDisposed) return
    said = status
    capture({ type: 'kernel_status', notebook: notebookRef(panel), data: { status } })
  }
  panel.sessionContext.statusChanged.connect((_, status) => {
    clearTimeout(timer)
    if (URGENT.has(status)) {
      say(status)
      onKernelGone()
    } else timer = setTimeout(() => say(status), STATUS_QUIET_MS)
  })
  panel.disposed.connect(() => clearTimeout(timer))
}

/** The data of a `notebook_opened`. */
export function openedData(panel: NotebookPanel): { cells: number; kernel?: string } {
  const kernel = panel.sessionContext.session?.kernel?.name ?? panel.sessionContext.kernelPreference.name
  return { cells: panel.model?.cells.length ?? 0, ...(kernel ? { kernel } : {}) }
}

/** Reports opening, saving, closing, cells, edits and kernel of one notebook. */
export async function watchNotebook(panel: NotebookPanel, parts: Parts) {
  await panel.context.ready
  await panel.revealed
  const { capture } = parts
  if (panel.isDisposed || !panel.model) return undefined
  const count = () => panel.model?.cells.length ?? 0
  capture({ type: 'notebook_opened', notebook: notebookRef(panel), data: openedData(panel) })
  const cells = watchCells(panel, parts)
  const edits = watchEdits(panel, parts)
  watchKernel(panel, parts)
  panel.model.cells.changed.connect(() => {
    edits.attach()
    cells.changed()
  })
  panel.context.saveState.connect((_, state) => {
    if (state === 'completed')
      capture({ type: 'notebook_saved', notebook: notebookRef(panel), data: { cells: count() } })
  })
  return { edits, flush: () => (cells.flush(), edits.flushAll()) }
}
