import { Compile } from 'typebox/compile'
import { EVENT_DATA, EventEnvelope, type LecternEvent } from '@lectern/protocol'
import { expect, it } from 'vitest'
import { createStamp, drawIdentity } from './identity.ts'
import { readLessons } from './lesson.ts'
import { createRandom } from './random.ts'
import { studentLife } from './student.ts'

const START = 1_775_782_800_000
const lessons = readLessons()

/** The first events of a student's life. */
function eventsOf(seed: number, index: number, count: number): LecternEvent[] {
  const random = createRandom(seed).fork(`student ${index}`)
  const stamp = createStamp(random.fork('ids'), drawIdentity(random.fork('identity'), index).install)
  const events: LecternEvent[] = []
  for (const step of studentLife(random.fork('life'), { lessons, start: START })) {
    if (step.kind === 'event') events.push(stamp(step.draft))
    if (events.length === count) break
  }
  return events
}

it('EVT-1 EVT-3 makes events that the wire describes', () => {
  const envelope = Compile(EventEnvelope)
  for (let index = 0; index < 5; index += 1) {
    for (const event of eventsOf(1, index, 300)) {
      expect(envelope.Check(event), JSON.stringify(event)).toBe(true)
      expect(Compile(EVENT_DATA[event.type]).Check(event.data), JSON.stringify(event)).toBe(true)
    }
  }
})

it('EVT-2 makes the same events of the same seed, and others of another', () => {
  const text = JSON.stringify(eventsOf(7, 3, 400))
  expect(JSON.stringify(eventsOf(7, 3, 400))).toBe(text)
  expect(JSON.stringify(eventsOf(8, 3, 400))).not.toBe(text)
  expect(JSON.stringify(eventsOf(7, 4, 400))).not.toBe(text)
})

it('EVT-2 numbers without gaps, with times that never go back and ids that are never used again', () => {
  const events = eventsOf(1, 0, 500)
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
  expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted())
  expect(new Set(events.map(({ id }) => id)).size).toBe(500)
})

it('STA-1 makes a class in which all that matters happens', () => {
  const all = Array.from({ length: 40 }, (_, index) => eventsOf(1, index, 300)).flat()
  const types = new Set(all.map(({ type }) => type))
  for (const type of [
    'session_started',
    'session_ended',
    'notebook_saved',
    'help_requested',
    'help_withdrawn',
    'presence',
    'cell_edited',
  ]) {
    expect(types, type).toContain(type)
  }
  const runs = all.filter((event) => event.type === 'cell_executed')
  const failed = runs.filter(({ data }) => data.status === 'error').length / runs.length
  expect(failed).toBeGreaterThan(0.1)
  expect(failed).toBeLessThan(0.7)
})

it('EVT-3 teaches with notebooks whose exercises have wrong attempts with real errors', () => {
  expect(lessons.map(({ notebook }) => notebook.id)).toEqual(['python-basics', 'pandas', 'plotting'])
  for (const { cells } of lessons) {
    const ids = cells.map(({ cell }) => cell.id)
    expect(new Set(ids).size).toBe(ids.length)
    const exercises = cells.flatMap(({ exercise }) => exercise ?? [])
    expect(exercises.length).toBeGreaterThanOrEqual(5)
    for (const { wrong, solution } of exercises) {
      expect(solution.error).toBeUndefined()
      expect(wrong.length).toBeGreaterThanOrEqual(3)
      for (const { error } of wrong) expect(error?.traceback).toContain(error?.name)
    }
  }
})
