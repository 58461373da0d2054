import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook'
import type { Captured } from '../core/client.ts'
import { notebookRef } from './refs.ts'
import { watchNotebook } from './watch-notebook.ts'
import { watchRuns } from './watch-runs.ts'

/** Watches every notebook that is open or will be. */
export function watchAll(tracker: INotebookTracker, capture: (captured: Captured) => void) {
  const clock = () => Date.now()
  const flushes = new Map<NotebookPanel, { flush(): void; edits: { flush(cell: never): void } }>()
  const runs = watchRuns({
    panelOf: (notebook) => tracker.find((panel) => panel.content === notebook),
    clock,
    onBegin: (cell) => {
      for (const { edits } of flushes.values()) edits.flush(cell as never)
    },
    capture,
  })
  const watch = async (panel: NotebookPanel) => {
    panel.sessionContext.iopubMessage.connect((_, message) => runs.kernelSaid(panel, message))
    const last = { notebook: notebookRef(panel) }
    panel.disposed.connect(() => {
      flushes.delete(panel)
      capture({ type: 'notebook_closed', ...last })
    })
    const watched = await watchNotebook(panel, { capture, clock, onKernelGone: () => runs.abort(panel) })
    if (!watched) return
    last.notebook = notebookRef(panel)
    panel.context.pathChanged.connect(() => (last.notebook = notebookRef(panel)))
    flushes.set(panel, watched)
  }
  tracker.forEach((panel) => void watch(panel))
  tracker.widgetAdded.connect((_, panel) => void watch(panel))
  return {
    /** Notebooks whose opening was noticed. */
    open: () => [...flushes.keys()],
    flush: () => {
      for (const watched of flushes.values()) watched.flush()
    },
  }
}
