import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { exit } from 'node:process'
import type { StoredEvent } from '@lectern/protocol'
import { createClassFold } from '../../server/src/live/class-fold.ts'

// What the measured jobs do in their threads.

const EVENTS = 500
const STUDENTS = 50
const START = 1_775_782_800_000

function eventAt(offset: number): StoredEvent {
  const student = offset % STUDENTS
  const time = START + offset * 100
  const cell = offset % 20
  return {
    offset,
    student: `student-${student}`,
    id: `event-${offset}`,
    install: `install-${student}`,
    seq: Math.floor(offset / STUDENTS) + 1,
    type: 'cell_executed',
    at: new Date(time).toISOString(),
    received: time,
    time,
    notebook: { id: 'nb', path: 'nb.ipynb' },
    cell: { id: `cell-${cell}`, index: cell, type: 'code' },
    data: offset % 7 === 0 ? { status: 'error', errorName: 'NameError' } : { status: 'ok' },
  }
}

/** Folds a lesson of 500 events, as a replay does. */
export async function fold(): Promise<number> {
  const lesson = createClassFold()
  lesson.apply(Array.from({ length: EVENTS }, (_, index) => eventAt(index + 1)))
  lesson.flush()
  return lesson.offset
}

/** The first attempt notes the time and ends its thread; the next one says how long after that it began, in ms. */
export async function recover({ input: { file } }: { input: { file: string } }): Promise<number> {
  const now = performance.timeOrigin + performance.now()
  if (existsSync(file)) return now - Number(readFileSync(file, 'utf8'))
  writeFileSync(file, String(performance.timeOrigin + performance.now()))
  return exit(1)
}
