import { readFileSync } from 'node:fs'
import type { CellRef, NotebookRef } from '@lectern/protocol'

/** One thing a student tries in an exercise, with what Python really answers. */
export interface Attempt {
  source: string
  /** Absent when it works. */
  error?: { name: string; message: string; traceback: string }
  /** What it prints. */
  output?: string
}

/** One cell of a lesson. `exercise` is there for cells that students have to solve. */
export interface LessonCell {
  cell: CellRef
  source: string
  /** What the cell as it is handed out prints. */
  output: string
  exercise?: {
    /** 0 (everybody) to 1 (few at the first try). */
    difficulty: number
    wrong: Attempt[]
    solution: Attempt
  }
}

/** A teaching notebook as students walk through it. */
export interface Lesson {
  notebook: NotebookRef
  cells: LessonCell[]
}

interface RawCell {
  id: string
  cell_type: CellRef['type']
  source: string | string[]
}

interface Sidecar {
  [cellId: string]: { output?: string; difficulty?: number; wrong?: Attempt[]; solution?: Attempt }
}

const LESSONS = ['python-basics', 'pandas', 'plotting'] as const
const FOLDER = new URL('../notebooks/', import.meta.url)

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'))
}

function readLesson(name: string): Lesson {
  const { cells } = readJson(`${name}.ipynb`) as { cells: RawCell[] }
  const sidecar = readJson(`${name}.attempts.json`) as Sidecar
  return {
    notebook: { id: name, path: `lessons/${name}.ipynb` },
    cells: cells.map(({ id, cell_type: type, source }, index): LessonCell => {
      const extra = sidecar[id]
      const made: LessonCell = {
        cell: { id, index, type },
        source: [source].flat().join(''),
        output: extra?.output ?? '',
      }
      const { difficulty, wrong, solution } = extra ?? {}
      if (difficulty !== undefined && wrong && solution) made.exercise = { difficulty, wrong, solution }
      return made
    }),
  }
}

/** The three lessons, in the order in which a class takes them. */
export function readLessons(): Lesson[] {
  return LESSONS.map(readLesson)
}
