import type { HelpRequest } from '@lectern/protocol'
import { advance, type Step } from './fold-state.ts'
import { noteEnd } from './help-figures.ts'

function open({ state, event, student }: Step, message: string | undefined): void {
  const request: HelpRequest = { event: event.id, since: event.time }
  if (message !== undefined) request.message = message
  const notebook = event.notebook ?? student.notebook
  const cell = event.cell ?? student.cell
  if (notebook) request.notebook = notebook
  if (cell) request.cell = cell
  if (student.streak) request.group = student.streak.group
  state.view.help[event.student] = request
}

/** Somebody goes to the student, or no longer (SPEC TLK-6). */
function claim(request: HelpRequest | undefined, event: Step['event']): boolean {
  if (!request) return false
  if (event.type === 'help_claimed') request.claimed = { by: event.data.by, since: event.time }
  else delete request.claimed
  return true
}

/** The student's open request, from asking until it is withdrawn or resolved (SPEC STA-6). */
export function foldHelp(step: Step): void {
  const { event, state, touch } = step
  if (event.type === 'help_resolved') {
    const asked = state.view.help[event.student]
    if (!asked) return
    noteEnd(step, asked)
    delete state.view.help[event.student]
  } else if (event.type === 'help_claimed' || event.type === 'help_released') {
    if (!claim(state.view.help[event.student], event)) return
  } else if (event.type === 'help_requested') {
    if (!advance(step, 'help')) return
    const asked = state.view.help[event.student]
    if (!asked) open(step, event.data.message)
    else if (event.data.message !== undefined) asked.message = event.data.message
  } else if (event.type === 'help_withdrawn') {
    if (!advance(step, 'help')) return
    const asked = state.view.help[event.student]
    if (asked) noteEnd(step, asked)
    delete state.view.help[event.student]
  } else {
    return
  }
  touch('help', event.student)
}
