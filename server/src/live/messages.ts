import { LIMITS, type ClassMessage, type MessageState, type StoredEvent } from '@lectern/protocol'
import { isLater, placeOf, type MessageStep, type Said, type Step } from './fold-state.ts'

/** Messages that the state shows, and students that all but the newest went to together (SPEC TLK-4). */
const MOST_MESSAGES = 200
const MOST_RECIPIENTS = 10_000

type Sent = Extract<StoredEvent, { type: 'message_sent' }>

function saidOf({ time, notebook, cell, data }: Sent): Said {
  const { message: id, by, kind, text, request, group, everyone } = data
  return {
    id,
    at: time,
    by,
    kind,
    text,
    ...(notebook ? { notebook } : {}),
    ...(cell ? { cell } : {}),
    ...(request === undefined ? {} : { request }),
    ...(group === undefined ? {} : { group }),
    ...(everyone ? { everyone } : {}),
    readers: 0,
  }
}

function shownOf({ id: _id, readers: _readers, request: _request, ...message }: Said): ClassMessage {
  return { ...message, students: {} }
}

/** Makes room for one more. */
function dropOldest({ state, touch }: MessageStep): void {
  const { messages } = state.view
  const oldestFirst = Object.entries(messages).map(([id, { students }]) => [id, Object.keys(students).length] as const)
  let recipients = oldestFirst.reduce((sum, [, count]) => sum + count, 0)
  for (const [index, [id, count]] of oldestFirst.entries()) {
    if (oldestFirst.length - index < MOST_MESSAGES && recipients <= MOST_RECIPIENTS) return
    recipients -= count
    delete messages[id]
    touch('messages', id)
  }
}

/** The student has the message no more; what nobody has is forgotten. */
function letGo({ state, memory }: MessageStep, id: string): void {
  if (!memory.messages.delete(id)) return
  const said = state.said.get(id)
  if (!said) return
  said.readers -= 1
  if (said.readers === 0) state.said.delete(id)
}

function send(step: MessageStep, event: Sent): void {
  const { state, memory, touch, tell } = step
  const id = event.data.message
  if (memory.messages.has(id)) return
  let said = state.said.get(id)
  if (!said) {
    state.said.set(id, (said = saidOf(event)))
    dropOldest(step)
    state.view.messages[id] = shownOf(said)
  }
  said.readers += 1
  memory.messages.set(id, { state: 'sent' })
  const [oldest] = memory.messages.keys()
  if (memory.messages.size > LIMITS.ownMessages && oldest !== undefined) letGo(step, oldest)
  const shown = state.view.messages[id]
  if (shown) shown.students[event.student] = 'sent'
  touch('messages', id)
  const { readers: _, ...message } = said
  tell(event.student, { sent: message })
}

function withdraw(step: MessageStep, id: string): void {
  const { state, event, memory, touch, tell } = step
  if (!memory.messages.has(id)) return
  letGo(step, id)
  tell(event.student, { withdrawn: id })
  const shown = state.view.messages[id]
  if (shown) shown.ended = true
  touch('messages', id)
}

/** Moves a message on with the student. An answer counts for more than that it was seen; of two, the student's later one. */
function move({ state, event, memory, touch }: MessageStep, id: string, to: MessageState): void {
  const own = memory.messages.get(id)
  if (!own) return
  if (to === 'seen' ? own.state !== 'sent' : !isLater(event, own.answered)) return
  own.state = to
  if (to !== 'seen') own.answered = placeOf(event)
  const shown = state.view.messages[id]
  if (!shown || !Object.hasOwn(shown.students, event.student)) return
  shown.students[event.student] = to
  touch('messages', id)
}

/** What staff say to the student, and what the student makes of it (SPEC TLK-4, TLK-5). */
export function foldMessages(step: MessageStep): void {
  const { event } = step
  if (event.type === 'message_sent') send(step, event)
  else if (event.type === 'message_withdrawn') withdraw(step, event.data.message)
  else if (event.type === 'message_seen') move(step, event.data.message, 'seen')
  else if (event.type === 'message_answered') move(step, event.data.message, event.data.outcome)
}

/** The student no longer shares: nothing is told of what was made of messages, or of an error that was had (SPEC CON-5). */
export function leaveMessages({ state, event, memory, touch }: Step): void {
  const { messages } = state.view
  for (const id of memory.messages.keys()) memory.messages.set(id, { state: 'sent' })
  for (const [id, message] of Object.entries(messages)) {
    if (!Object.hasOwn(message.students, event.student)) continue
    if (message.group === undefined) message.students[event.student] = 'sent'
    else delete message.students[event.student]
    if (Object.keys(message.students).length === 0) delete messages[id]
    touch('messages', id)
  }
}
