import type { ISessionContext } from '@jupyterlab/apputils'
import { NotebookActions, type Notebook, type NotebookPanel } from '@jupyterlab/notebook'
import type { Kernel } from '@jupyterlab/services'
import type { CellRef, NotebookRef } from '../../../protocol/src/events.ts'
import { executionData, type EndedRun } from '../core/execution.ts'
import { createKernelRuns, type KernelRuns } from '../core/kernel-runs.ts'
import { errorOf, outputSizes, type NotebookOutput } from '../core/outputs.ts'
import { outlive, type KernelSeat } from './outlive.ts'
import type { Recorder } from './recorder.ts'
import { cellRef, notebookRef, type CodeCell } from './refs.ts'
import { watchKernel } from './watch-kernel.ts'

/** Where a run belongs, as it stood when it began: the cell may move, change or vanish before the end. */
export interface RunPlace {
  readonly notebook: () => NotebookRef
  readonly cell: CellRef
}

/** A run that is noted, or that is not to be told. */
interface Noted extends RunPlace {
  readonly run: string | undefined
}

/** A cell that the shell wants to run, until the request for it is seen. */
interface Scheduled extends RunPlace {
  readonly source: string
  readonly at: number
}

interface Parts {
  readonly kernels: Kernel.IManager
  readonly panelOf: (notebook: Notebook) => NotebookPanel | undefined
  readonly recorder: Recorder
  readonly clock: () => number
  /** Called before a cell runs, with its model. */
  readonly onBegin: (panel: NotebookPanel, cell: CodeCell['model']) => void
}

/** What a session's runs belong to. */
export interface Session {
  /** The place of the cell with this id (of the nbformat model). */
  placeOf(cellId: string): RunPlace | undefined
}

const SEAT = (connection: Kernel.IKernelConnection): KernelSeat => ({
  kernel: { id: connection.id, name: connection.name },
  client: connection.clientId,
})

/**
 * Follows runs by the messages of their kernels. Where something else than this page sends the requests (server-side
 * execution), the shell's word that a cell runs, and what the notebook shows afterwards, stand in for what is not seen.
 */
export function watchRuns({ kernels, panelOf, recorder, clock, onBegin }: Parts) {
  const scheduled = new Map<CodeCell['model'], Scheduled>()
  const followed = new WeakSet<Kernel.IKernelConnection>()

  const tell = ({ notebook, cell, run }: Noted, ended: EndedRun) => {
    if (run === undefined) return
    const data = executionData(ended)
    recorder.capture({ type: 'cell_executed', notebook: notebook(), cell, data, at: ended.endedAt, run })
  }
  const newRuns = () => createKernelRuns<Noted>({ clock, ended: tell })

  const note = (place: RunPlace, code: string, seat: KernelSeat & { request: string }): Noted => ({
    ...place,
    run: recorder.begins({ ...seat, code, notebook: place.notebook(), cell: place.cell, at: clock() }),
  })

  /** A scheduled cell with this code whose request was not seen. */
  const takeScheduled = (code: string): Scheduled | undefined => {
    for (const [model, one] of scheduled) {
      if (one.source !== code) continue
      scheduled.delete(model)
      return one
    }
    return undefined
  }

  const listen = (connection: Kernel.IKernelConnection, session: Session) => {
    if (followed.has(connection)) return
    followed.add(connection)
    const runs: KernelRuns<Noted> = newRuns()
    const begin = (request: { id: string; code: string; delivered: boolean }, place: RunPlace) =>
      runs.begin(request, note(place, request.code, { ...SEAT(connection), request: request.id }))
    watchKernel(connection, {
      runs,
      onRequest({ header, content, metadata }, delivered) {
        const { cellId } = metadata as { cellId?: unknown }
        if (content.silent === true) return
        const place = typeof cellId === 'string' ? session.placeOf(cellId) : takeScheduled(content.code)
        for (const model of scheduled.keys()) if (model.id === cellId) scheduled.delete(model)
        if (place) begin({ id: header.msg_id, code: content.code, delivered }, place)
      },
      onForeign({ parent_header, content }) {
        const place = takeScheduled(content.code)
        const { msg_id: id } = parent_header as { msg_id?: string }
        if (place && id !== undefined) begin({ id, code: content.code, delivered: true }, place)
      },
    })
    connection.disposed.connect(() => {
      if (!runs.isEmpty()) outlive(SEAT(connection), { kernels, runs })
    })
  }

  NotebookActions.executionScheduled.connect((_, { notebook, cell }) => {
    const panel = panelOf(notebook)
    if (cell.model.type !== 'code' || !panel) return
    const { model } = cell as unknown as CodeCell
    onBegin(panel, model)
    const place = { notebook: () => notebookRef(panel), cell: cellRef(panel, model) }
    scheduled.set(model, { ...place, source: model.sharedModel.getSource(), at: clock() })
  })

  NotebookActions.executed.connect((_, { cell, success }) => {
    const model = cell.model as CodeCell['model']
    const one = scheduled.get(model)
    scheduled.delete(model)
    // An empty cell, or no kernel: the shell says executed, and nothing ran.
    if (!one || cell.isDisposed || (success && model.executionCount === null) || !recorder.isSharing()) return
    const outputs = model.outputs.toJSON() as unknown as NotebookOutput[]
    const error = errorOf(outputs)
    const data = executionData({
      source: one.source,
      outputs,
      sizes: outputSizes(outputs),
      executionCount: model.executionCount,
      status: error ? 'error' : success ? 'ok' : 'aborted',
      error,
      startedAt: one.at,
      endedAt: clock(),
    })
    recorder.capture({ type: 'cell_executed', notebook: one.notebook(), cell: one.cell, data })
  })

  return {
    /** Follows whatever kernel the session has, now and later. */
    follow(context: ISessionContext, session: Session): void {
      context.kernelChanged.connect((_, { newValue }) => newValue && listen(newValue, session))
      const kernel = context.session?.kernel
      if (kernel) listen(kernel, session)
    },
    /** Hears out runs that another page began and did not live to see the end of. */
    adopt(seat: KernelSeat, left: readonly { request: string; code: string; place: Noted }[]): void {
      const runs = newRuns()
      for (const { request, code, place } of left) runs.begin({ id: request, code, delivered: true }, place)
      outlive(seat, { kernels, runs })
    },
  }
}
