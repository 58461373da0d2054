import type { IConsoleTracker } from '@jupyterlab/console'
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook'
import type { Kernel } from '@jupyterlab/services'
import type { Recorder } from './recorder.ts'
import { cellRef, keepIdentities, notebookRef } from './refs.ts'
import { watchConsoles } from './watch-consoles.ts'
import { watchNotebook } from './watch-notebook.ts'
import { watchRuns, type Session } from './watch-runs.ts'

interface Parts {
  readonly tracker: INotebookTracker
  readonly consoles: IConsoleTracker | null
  readonly kernels: Kernel.IManager
  readonly recorder: Recorder
}

function sessionOf(panel: NotebookPanel): Session {
  return {
    placeOf(cellId) {
      const model = [...(panel.model?.cells ?? [])].find(({ id }) => id === cellId)
      return model && { notebook: () => notebookRef(panel), cell: cellRef(panel, model) }
    },
  }
}

/** Watches every notebook and console that is open or will be. */
export function watchAll({ tracker, consoles, kernels, recorder }: Parts) {
  const clock = () => Date.now()
  const watched = new Map<NotebookPanel, NonNullable<Awaited<ReturnType<typeof watchNotebook>>>>()
  const runs = watchRuns({
    kernels,
    panelOf: (notebook) => tracker.find((panel) => panel.content === notebook),
    recorder,
    clock,
    onBegin(panel, cell) {
      watched.get(panel)?.edits.flush(cell)
      if (recorder.isSharing()) keepIdentities(panel)
    },
  })
  const watch = async (panel: NotebookPanel) => {
    runs.follow(panel.sessionContext, sessionOf(panel))
    panel.disposed.connect(() => {
      if (watched.delete(panel)) recorder.capture({ type: 'notebook_closed', notebook: notebookRef(panel) })
    })
    const notebook = await watchNotebook(panel, { recorder, clock })
    if (notebook) watched.set(panel, notebook)
  }
  tracker.forEach((panel) => void watch(panel))
  tracker.widgetAdded.connect((_, panel) => void watch(panel))
  if (consoles) watchConsoles(consoles, runs)
  return {
    /** Notebooks whose opening was noticed. */
    open: () => [...watched.keys()],
    flush: () => {
      for (const { flush } of watched.values()) flush()
    },
    adopt: runs.adopt,
  }
}
