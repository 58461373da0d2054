import type { Participant } from './participant.ts'
import type { Draft, Step } from './student.ts'

const TICK_MS = 10

/** How time flows in a run. `start`: ms since the epoch at which the model's lesson began. */
export interface Pace {
  start: number
  /** Model time a unit of real time. */
  speed: number
  /** Whether what is in the past at the beginning happens at once, or has never been. */
  past: 'at once' | 'never'
}

/** Lets every participant live at the model's own pace until `ended`. */
export function liveRealistically(participants: readonly Participant[], pace: Pace, ended: AbortSignal): void {
  const realTime = (at: number): number => pace.start + (at - pace.start) / pace.speed
  const earliest = pace.past === 'never' ? Date.now() : 0

  function happen(participant: Participant, step: Step): void {
    if (realTime(step.kind === 'event' ? step.draft.at : step.at) < earliest) return
    if (step.kind === 'offline') participant.outbox.goOffline(realTime(step.until))
    else participant.take({ ...step.draft, at: Math.round(realTime(step.draft.at)) })
  }

  function next(participant: Participant, waiting: Step | undefined): void {
    let step = waiting
    while (!ended.aborted) {
      if (step) happen(participant, step)
      const result = participant.life.next()
      if (result.done) return
      step = result.value
      const wait = realTime(step.kind === 'event' ? step.draft.at : step.at) - Date.now()
      if (wait <= 0) continue
      const later = step
      const timer = setTimeout(() => next(participant, later), wait)
      ended.addEventListener('abort', () => clearTimeout(timer), { once: true })
      return
    }
  }

  for (const participant of participants) next(participant, undefined)
}

function nextDraft(participant: Participant): Draft | undefined {
  for (;;) {
    const { value, done } = participant.life.next()
    if (done) return undefined
    if (value.kind === 'event') return value.draft
  }
}

/** Makes `rate` events a second of all participants in turn, whatever the answers (open loop), until `ended`. */
export function liveAtRate(participants: readonly Participant[], rate: number, ended: AbortSignal): void {
  const began = performance.now()
  let made = 0
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - began) / 1000) * rate)
    for (; made < due; made += 1) {
      const participant = participants[made % participants.length]
      const draft = participant && nextDraft(participant)
      if (participant && draft) participant.take({ ...draft, at: Date.now() })
    }
  }, TICK_MS)
  ended.addEventListener('abort', () => clearInterval(timer), { once: true })
}
