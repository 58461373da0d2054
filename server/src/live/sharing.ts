import type { StudentState } from '@lectern/protocol'
import type { Step } from './fold-state.ts'
import { noteColumn } from './matrix.ts'
import { leaveMessages } from './messages.ts'

/** Takes the student out of how far the class is with each cell. */
function leaveCells({ state, memory, touch }: Step): void {
  const { cells } = state.view
  for (const [key, { status }] of memory.cells) {
    const progress = cells[key]
    if (!progress) continue
    progress.reached -= 1
    if (status === 'ok') progress.done -= 1
    if (status === 'error') progress.failing -= 1
    if (progress.reached === 0) {
      delete cells[key]
      noteColumn(state, progress.notebook.id, progress.cell.id)
    }
    touch('cells', key)
  }
  memory.cells.clear()
  memory.cellsAt = state.offset
}

function leaveErrors({ state, event, touch }: Step): void {
  const { errors } = state.view
  for (const [key, group] of Object.entries(errors)) {
    if (!Object.hasOwn(group.students, event.student)) continue
    delete group.students[event.student]
    if (Object.keys(group.students).length === 0) delete errors[key]
    touch('errors', key)
  }
}

/** The student no longer shares, or shares again (SPEC CON-5): of one who does not, nothing is shown but that. */
export function foldSharing(step: Step): void {
  const { state, event, memory, touch } = step
  if (event.type !== 'sharing_changed') return
  leaveCells(step)
  leaveErrors(step)
  leaveMessages(step)
  state.helpEnds = state.helpEnds.filter(({ student }) => student !== event.student)
  delete state.view.help[event.student]
  touch('help', event.student)
  memory.seen = {}
  const blank: StudentState = {
    firstAt: event.time,
    lastAt: event.time,
    online: false,
    executions: 0,
    failures: 0,
    attention: [],
  }
  if (!event.data.sharing) blank.sharing = false
  state.view.students[event.student] = blank
}
