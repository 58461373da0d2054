import type { CellExecutedData, CellRef, EventType, NotebookRef } from '@lectern/protocol'
import type { Attempt, Lesson, LessonCell } from './lesson.ts'
import type { Random } from './random.ts'
import { drawTraits, type Traits } from './traits.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
/** The extension reports presence so often while nothing else happens. */
const PRESENCE_MS = MINUTE

/** One event of a student, before it gets an id and a number. `at`: ms since the epoch of the model's time. */
export interface Draft {
  at: number
  type: EventType
  notebook?: NotebookRef
  cell?: CellRef
  data: Record<string, unknown>
}

/** What happens next to a student: an event, or the network going away until `until`. */
export type Step = { kind: 'event'; draft: Draft } | { kind: 'offline'; at: number; until: number }

/** What others may change of a student. */
export interface Mood {
  /** Somebody explained it: the next try is likely to succeed. */
  isHelped: boolean
}

/** How likely a try succeeds after an explanation. */
const HELPED = 0.9

/** A student in the middle of life: the time, what is open, and how the next steps are drawn. */
class Life {
  now: number
  readonly random: Random
  readonly traits: Traits
  notebook: NotebookRef | undefined
  cell: CellRef | undefined
  executionCount = 0
  readonly mood: Mood
  #sincePresence = 0
  #idle = 0

  constructor(random: Random, start: number, mood: Mood) {
    this.mood = mood
    this.random = random
    this.traits = drawTraits(random.fork('traits'))
    this.now = start
  }

  event(type: EventType, data: Record<string, unknown> = {}): Step {
    this.#sincePresence = 0
    const draft: Draft = { at: Math.round(this.now), type, data }
    if (this.notebook && type !== 'session_started' && type !== 'session_ended') draft.notebook = this.notebook
    if (this.cell && (type.startsWith('cell_') || type === 'help_requested')) draft.cell = this.cell
    return { kind: 'event', draft }
  }

  /** Lets time pass; presence is reported on the way, with focus or without. */
  *wait(seconds: number, focus = true): Generator<Step> {
    let left = seconds * SECOND
    this.#idle = 0
    while (left > 0) {
      const step = Math.min(left, PRESENCE_MS - this.#sincePresence)
      this.now += step
      left -= step
      this.#sincePresence += step
      if (this.#sincePresence >= PRESENCE_MS)
        yield this.event('presence', { focus, idleMs: focus ? 0 : (this.#idle += PRESENCE_MS) })
    }
  }

  /** Seconds of thought, by the student's pace. */
  think(from: number, to: number): Generator<Step> {
    return this.wait(this.random.between(from, to) * this.traits.pace)
  }
}

function executedData(life: Life, attempt: Attempt): CellExecutedData {
  const durationMs = Math.round(
    life.random.between(4, 60) + (life.random.chance(0.05) ? life.random.between(500, 4000) : 0),
  )
  const { error, output = '', source } = attempt
  life.executionCount += 1
  const outputs: CellExecutedData['outputs'] = output ? [{ kind: 'stdout', text: output }] : []
  if (error) outputs.push({ kind: 'error', text: error.traceback })
  const data: CellExecutedData = {
    startedAt: new Date(Math.round(life.now)).toISOString(),
    endedAt: new Date(Math.round(life.now) + durationMs).toISOString(),
    durationMs,
    executionCount: life.executionCount,
    sourceBytes: Buffer.byteLength(source),
    outputBytes: Buffer.byteLength(output) + Buffer.byteLength(error?.traceback ?? ''),
    status: error ? 'error' : 'ok',
    source,
    outputs,
  }
  if (error) Object.assign(data, { errorName: error.name, errorMessage: error.message, traceback: error.traceback })
  life.now += durationMs
  return data
}

function* run(life: Life, attempt: Attempt): Generator<Step> {
  yield life.event('cell_executed', { ...executedData(life, attempt) })
}

function* edit(life: Life): Generator<Step> {
  const { random } = life
  yield* life.think(8, 40)
  const pasted = random.chance(0.1) ? random.int(20, 200) : 0
  yield life.event('cell_edited', { typed: random.int(5, 80), pasted, deleted: random.int(0, 25) })
}

const QUESTIONS = [
  'エラーの意味がわかりません',
  'どこが間違っていますか？',
  '次に何をすればよいですか？',
  'I do not understand this error.',
  'It worked a minute ago, now it does not.',
  '先生、見てもらえますか',
]

/** Asks, waits for somebody, and goes on with what was explained; some give up waiting. */
function* ask(life: Life): Generator<Step> {
  const { random } = life
  yield life.event('help_requested', random.chance(0.6) ? { message: random.pick(QUESTIONS) } : {})
  yield* life.wait(random.between(60, 420))
  yield life.event('help_withdrawn')
}

/** One exercise: tries until it works, or until the student has had enough. */
function* solve(life: Life, exercise: NonNullable<LessonCell['exercise']>): Generator<Step> {
  const { random, traits } = life
  let chance = 1 - exercise.difficulty * (1.5 - traits.skill)
  let wrong = random.pick(exercise.wrong)
  for (let tries = 1; ; tries += 1) {
    yield* edit(life)
    if (life.mood.isHelped) chance = Math.max(chance, HELPED)
    life.mood.isHelped = false
    if (random.chance(chance)) return yield* run(life, exercise.solution)
    // Who does not see the mistake makes it again.
    if (tries > 1 && random.chance(0.45)) wrong = random.pick(exercise.wrong)
    yield* run(life, wrong)
    yield* life.think(6, 45)
    chance += 0.06
    if (tries < traits.persistence) continue
    if (random.chance(traits.asks)) {
      yield* ask(life)
      chance = 0.85
    } else if (random.chance(0.3)) {
      return yield* life.wait(random.between(60, 360), false)
    }
  }
}

function* pause(life: Life): Generator<Step> {
  const { random } = life
  if (random.chance(0.35)) {
    yield life.event('session_ended', { reason: 'closed' })
    life.now += random.between(3, 10) * MINUTE
    yield* arrive(life)
  } else {
    yield* life.wait(random.between(150, 480), false)
  }
}

function* arrive(life: Life): Generator<Step> {
  yield life.event('session_started', { client: 'simulator 0.1.0', language: life.random.chance(0.7) ? 'ja' : 'en' })
  if (life.notebook) yield life.event('notebook_opened', { kernel: 'python3' })
}

/** What may come between two cells: a break, a fault of the network, a look at the presence. */
function* between(life: Life): Generator<Step> {
  const { random, traits } = life
  // About 25 cells an hour.
  if (random.chance(traits.breaks / 25)) yield* pause(life)
  if (random.chance(traits.faults / 25)) {
    yield { kind: 'offline', at: Math.round(life.now), until: Math.round(life.now + random.between(20, 120) * SECOND) }
  }
}

function* work(life: Life, { cell, exercise, source, output }: LessonCell): Generator<Step> {
  life.cell = cell
  if (cell.type !== 'code') {
    yield* life.think(8, 30)
  } else if (exercise) {
    yield* solve(life, exercise)
  } else {
    yield* life.think(5, 25)
    yield* run(life, { source, output })
  }
}

function* walk(life: Life, lesson: Lesson): Generator<Step> {
  life.notebook = lesson.notebook
  life.cell = undefined
  yield life.event('notebook_opened', { cells: lesson.cells.length, kernel: 'python3' })
  yield life.event('kernel_status', { status: 'idle' })
  let untilSave = 3
  for (const cell of lesson.cells) {
    yield* work(life, cell)
    yield* between(life)
    untilSave -= 1
    if (untilSave > 0) continue
    untilSave = life.random.int(3, 6)
    yield life.event('notebook_saved', { cells: lesson.cells.length })
  }
  yield life.event('notebook_closed')
  life.notebook = undefined
}

/** When a life begins (ms since the epoch), with which lessons, and what others may change. */
interface Circumstances {
  start: number
  lessons: readonly Lesson[]
  mood?: Mood
}

/**
 * The life of one student in class, from coming in on: lesson after lesson, without end.
 * Equal randomness and start give equal steps, as long as nobody helps.
 */
export function* studentLife(
  random: Random,
  { start, lessons, mood = { isHelped: false } }: Circumstances,
): Generator<Step> {
  const life = new Life(random, start, mood)
  life.now += life.traits.lateMinutes * MINUTE
  yield* arrive(life)
  for (;;) for (const lesson of lessons) yield* walk(life, lesson)
}
