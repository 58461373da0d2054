import { SERVER_EVENT_TYPES } from '@lectern/protocol'
import { missing, settle } from '../store/settled.ts'
import { advance, settledOf, type Step } from './fold-state.ts'

const PLACED = new Set([
  'notebook_opened',
  'notebook_saved',
  'notebook_renamed',
  'cell_executed',
  'cell_added',
  'cell_removed',
  'cell_edited',
])

function countMissing({ memory, event, student }: Step): void {
  settle(settledOf(memory, event.install), event.seq)
  let count = 0
  for (const settled of memory.installs.values()) if (settled.ranges.length > 0) count += missing(settled)
  if (count > 0) student.missing = count
  else delete student.missing
}

function foldSession(step: Step): void {
  const { event, student } = step
  if (!advance(step, 'session')) return
  // Whoever sends anything later than the end of a session is there.
  student.online = event.type !== 'session_ended'
  if (!student.online) delete student.focus
}

/** The server saw the socket go or come (SPEC STA-8); that is no sign of life of the student. */
function foldConnection(step: Step): void {
  const { event, student } = step
  if (!advance(step, 'session')) return
  student.online = event.type === 'connection_back'
  if (!student.online) delete student.focus
}

function foldPlace(step: Step): void {
  const { event, student } = step
  if (!event.notebook || !PLACED.has(event.type) || !advance(step, 'place')) return
  student.notebook = event.notebook
  if (event.cell) student.cell = event.cell
  else if (event.type === 'notebook_opened') delete student.cell
}

/** A report of presence says how long nothing was done: that is when the student was active last. */
function activeTime({ event, student }: Step): number {
  const idleMs = event.type === 'presence' ? (event.data.idleMs ?? 0) : 0
  return Math.max(student.firstAt, Math.round(event.time - idleMs))
}

/** When and where the student was last heard of, whether the session is open, kernel and focus. */
export function foldPresence(step: Step): void {
  const { event, student } = step
  if (event.type === 'connection_lost' || event.type === 'connection_back') return foldConnection(step)
  // A member of staff did this, not the student.
  if (SERVER_EVENT_TYPES.has(event.type)) return
  countMissing(step)
  const active = activeTime(step)
  if (active > student.lastAt) student.lastAt = active
  if (event.time < student.firstAt) student.firstAt = event.time
  if (event.clockOff) student.clockOff = true
  foldSession(step)
  foldPlace(step)
  if (event.type === 'kernel_status' && event.data.status !== undefined && advance(step, 'kernel')) {
    student.kernel = event.data.status
  }
  if (event.type === 'presence' && event.data.focus !== undefined && advance(step, 'focus')) {
    student.focus = event.data.focus
  }
}
