import { Notification } from '@jupyterlab/apputils'
import { NotebookActions } from '@jupyterlab/notebook'
import { createOffers } from '../core/offers.ts'
import { errorOf, type NotebookOutput } from '../core/outputs.ts'
import { createStuckCells } from '../core/stuck.ts'
import { browserStorage } from './browser-storage.ts'
import { HELP } from './help.ts'
import type { CodeCell } from './refs.ts'
import type { Room } from './room.ts'

const SHOWN_MS = 30_000

/** Offers to ask for help after the third same error in a cell: quietly, once for each cell, `perDay()` times a day. */
export function addOffers({ app, shown, texts }: Room, perDay: () => number): void {
  const clock = () => Date.now()
  const stuckCells = createStuckCells(clock)
  const offers = createOffers({ storage: browserStorage(), clock, perDay })
  NotebookActions.executed.connect((_, { cell }) => {
    if (cell.model.type !== 'code' || cell.isDisposed) return
    const { model } = cell as unknown as CodeCell
    const stuck = stuckCells.ran(model.id, errorOf(model.outputs.toJSON() as NotebookOutput[]))
    const { standing, status } = shown.get()
    if (!stuck || standing.kind !== 'in' || status.join?.help.open || !offers.take(model.id, stuck)) return
    const actions = [{ label: texts.help.ask, callback: () => void app.commands.execute(HELP) }]
    Notification.info(texts.help.offer(stuck.name), { autoClose: SHOWN_MS, actions })
  })
}
