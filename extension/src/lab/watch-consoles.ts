import type { ConsolePanel, IConsoleTracker } from '@jupyterlab/console'
import { CONSOLE_CELL, consoleRef } from './refs.ts'
import type { watchRuns } from './watch-runs.ts'

/** Follows what is run at the prompts of consoles (SPEC EVT-8). */
export function watchConsoles(
  tracker: IConsoleTracker,
  { follow }: Pick<ReturnType<typeof watchRuns>, 'follow'>,
): void {
  const watch = (panel: ConsolePanel) => {
    const { sessionContext } = panel
    let path = sessionContext.path
    const notebook = () => {
      if (!sessionContext.isDisposed) path = sessionContext.path
      return consoleRef(path)
    }
    follow(sessionContext, { placeOf: () => ({ notebook, cell: CONSOLE_CELL }) })
  }
  tracker.forEach(watch)
  tracker.widgetAdded.connect((_, panel) => watch(panel))
}
