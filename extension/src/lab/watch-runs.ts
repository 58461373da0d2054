import { NotebookActions, type Notebook, type NotebookPanel } from '@jupyterlab/notebook'
import type { CellRef } from '../../../protocol/src/events.ts'
import type { Captured } from '../core/client.ts'
import { executionData } from '../core/execution.ts'
import type { NotebookOutput, OutputError } from '../core/outputs.ts'
import { cellRef, notebookRef, type CodeCell } from './refs.ts'

interface Run {
  readonly panel: NotebookPanel
  readonly cell: CodeCell
  /** As it stood when the run began: the cell may move, change or vanish before the end. */
  readonly ref: CellRef
  readonly source: string
  readonly scheduledAt: number
  /** Of the kernel's messages, where they pass through this page. */
  parent?: string
  startedAt?: number
  kernelStart?: number
  kernelEnd?: number
}

/** What is read of a kernel's message. */
interface KernelMessage {
  readonly header: { readonly msg_type: string; readonly date?: string }
  readonly parent_header: object
  readonly content: object
}

interface Parts {
  readonly panelOf: (notebook: Notebook) => NotebookPanel | undefined
  readonly clock: () => number
  /** Called when a run begins, with the cell. */
  readonly onBegin: (cell: CodeCell['model']) => void
  readonly capture: (captured: Captured) => void
}

/** Follows runs of cells from the shell's signals, timed by the kernel's own messages. */
export function watchRuns({ panelOf, clock, onBegin, capture }: Parts) {
  const runs = new Map<CodeCell['model'], Run>()

  const end = (run: Run, success: boolean | undefined, error?: Partial<OutputError>) => {
    runs.delete(run.cell.model)
    const { cell, ref, source } = run
    const gone = cell.isDisposed
    // An empty cell, or a kernel that is not there yet: the shell says executed, and nothing ran.
    if (success === true && !gone && cell.model.executionCount === null) return
    const startedAt = run.startedAt ?? run.scheduledAt
    const timed = run.kernelStart !== undefined && run.kernelEnd !== undefined
    const kernelMs = timed ? (run.kernelEnd ?? 0) - (run.kernelStart ?? 0) : undefined
    const data = executionData({
      source,
      outputs: gone ? [] : (cell.model.outputs.toJSON() as unknown as NotebookOutput[]),
      executionCount: gone ? null : cell.model.executionCount,
      success,
      error,
      startedAt,
      endedAt: kernelMs === undefined ? clock() : startedAt + kernelMs,
      kernelMs,
    })
    capture({ type: 'cell_executed', notebook: notebookRef(run.panel), cell: ref, data })
  }

  NotebookActions.executionScheduled.connect((_, { notebook, cell }) => {
    const panel = panelOf(notebook)
    if (cell.model.type !== 'code' || !panel) return
    const code = cell as unknown as CodeCell
    const before = runs.get(code.model)
    if (before) end(before, undefined)
    onBegin(code.model)
    const source = code.model.sharedModel.getSource()
    runs.set(code.model, { panel, cell: code, ref: cellRef(panel, code.model), source, scheduledAt: clock() })
  })

  NotebookActions.executed.connect((_, { cell, success, error }) => {
    const run = runs.get(cell.model as CodeCell['model'])
    if (!run) return
    const { errorName, errorValue, traceback } = error ?? {}
    const said = errorName
      ? { name: errorName, message: errorValue ?? '', traceback: (traceback ?? []).join('\n') }
      : {}
    end(run, success, said)
  })

  const runOf = (panel: NotebookPanel, message: KernelMessage): Run | undefined => {
    const { msg_id: parent } = message.parent_header as { msg_id?: string }
    const mine = [...runs.values()].filter((run) => run.panel === panel)
    const known = mine.find((run) => run.parent === parent)
    if (known || message.header.msg_type !== 'execute_input') return known
    const { code } = message.content as { code?: string }
    const sent = mine.find((run) => run.cell.outputArea.future?.msg.header.msg_id === parent)
    const found = sent ?? mine.find((run) => run.parent === undefined && run.source === code)
    if (found && parent !== undefined) found.parent = parent
    return found
  }

  return {
    /** A message of the kernel of `panel`. */
    kernelSaid(panel: NotebookPanel, message: KernelMessage): void {
      const { msg_type: type, date } = message.header
      if (type !== 'execute_input' && type !== 'status') return
      const run = runOf(panel, message)
      if (!run) return
      const at = date === undefined ? Number.NaN : Date.parse(date)
      if (type === 'execute_input') {
        run.startedAt = clock()
        if (!Number.isNaN(at)) run.kernelStart = at
      } else if ((message.content as { execution_state?: string }).execution_state === 'idle' && !Number.isNaN(at)) {
        run.kernelEnd = at
      }
    },
    /** The kernel is gone or the notebook closes: what has not ended will not. */
    abort(panel: NotebookPanel): void {
      for (const run of runs.values()) if (run.panel === panel) end(run, undefined)
    },
  }
}
