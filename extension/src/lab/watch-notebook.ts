import type { NotebookPanel } from '@jupyterlab/notebook'
import { createEdits, type TextStep } from '../core/edits.ts'
import type { Recorder } from './recorder.ts'
import { cellRef, keepIdentities, notebookRef, type CellModel } from './refs.ts'

const EDIT_QUIET_MS = 5_000
const CELLS_QUIET_MS = 1_000
const STATUS_QUIET_MS = 1_000
const PASTE_MS = 100
/** What somebody does in a notebook that may change it, and how soon after it a change is theirs. */
const TOUCHES = ['keydown', 'beforeinput', 'compositionend', 'pointerdown', 'paste', 'drop'] as const
const TOUCH_MS = 500
/** Told at once; the others only when they last. */
const URGENT = new Set(['dead', 'restarting', 'autorestarting'])

interface Parts {
  readonly recorder: Recorder
  readonly clock: () => number
}

/** Net cells added and removed; a move is both at once and counts as neither. */
function watchCells(panel: NotebookPanel, { recorder: { capture } }: Parts) {
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

function watchEdits(panel: NotebookPanel, { recorder, clock }: Parts) {
  let pastedAt = Number.NEGATIVE_INFINITY
  let touchedAt = Number.NEGATIVE_INFINITY
  const edits = createEdits<CellModel>({
    quietMs: EDIT_QUIET_MS,
    clock,
    report(cell, data) {
      recorder.capture({ type: 'cell_edited', notebook: notebookRef(panel), cell: cellRef(panel, cell), data })
      if (recorder.isSharing()) keepIdentities(panel)
    },
  })
  const attached = new WeakSet<CellModel>()
  const attach = () => {
    for (const cell of panel.model?.cells ?? []) {
      if (attached.has(cell)) continue
      attached.add(cell)
      cell.sharedModel.changed.connect((_, change) => {
        const { sourceChange } = change as { sourceChange?: readonly TextStep[] }
        if (!sourceChange) return
        // Changes that nobody made here, such as those of a collaborator or of a formatter, are not this student's.
        const mine = panel.content.activeCell?.model === cell && panel.node.contains(document.activeElement)
        if (mine && clock() - touchedAt < TOUCH_MS) edits.changed(cell, sourceChange, clock() - pastedAt < PASTE_MS)
      })
    }
  }
  panel.node.addEventListener('paste', () => (pastedAt = clock()), { capture: true })
  for (const type of TOUCHES)
    panel.node.addEventListener(type, () => (touchedAt = clock()), { capture: true, passive: true })
  attach()
  return { ...edits, attach }
}

function watchKernelStatus(panel: NotebookPanel, { recorder: { capture } }: Parts) {
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
    if (URGENT.has(status)) say(status)
    else timer = setTimeout(() => say(status), STATUS_QUIET_MS)
  })
  panel.disposed.connect(() => clearTimeout(timer))
}

/** The data of a `notebook_opened`. */
export function openedData(panel: NotebookPanel): { cells: number; kernel?: string } {
  const kernel = panel.sessionContext.session?.kernel?.name ?? panel.sessionContext.kernelPreference.name
  return { cells: panel.model?.cells.length ?? 0, ...(kernel ? { kernel } : {}) }
}

/** Reports opening, saving, renaming, cells, edits and kernel of one notebook. */
export async function watchNotebook(panel: NotebookPanel, parts: Parts) {
  await panel.context.ready
  await panel.revealed
  const { capture } = parts.recorder
  if (panel.isDisposed || !panel.model) return undefined
  const count = () => panel.model?.cells.length ?? 0
  capture({ type: 'notebook_opened', notebook: notebookRef(panel), data: openedData(panel) })
  const cells = watchCells(panel, parts)
  const edits = watchEdits(panel, parts)
  watchKernelStatus(panel, parts)
  panel.model.cells.changed.connect(() => {
    edits.attach()
    cells.changed()
  })
  panel.context.pathChanged.connect(() => capture({ type: 'notebook_renamed', notebook: notebookRef(panel) }))
  panel.context.saveState.connect((_, state) => {
    if (state === 'completed')
      capture({ type: 'notebook_saved', notebook: notebookRef(panel), data: { cells: count() } })
  })
  return { edits, flush: () => (cells.flush(), edits.flushAll()) }
}
