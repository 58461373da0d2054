import type { OwnProgress } from '../../../protocol/src/own-progress.ts'
import type { Shape } from './server.ts'

/** A cell of the picture; `open` was not run yet. */
export type CellState = 'done' | 'failing' | 'tried' | 'open'
/** Where the class is: quartiles of the cells done, and how many students that tells of. */
export type Band = NonNullable<OwnProgress['band']>

/** What the server says of the student's progress. */
export interface Progress {
  /** By notebook and cell, as the events name them. */
  readonly cells: ReadonlyMap<string, ReadonlyMap<string, CellState>>
  /** Where the student has each notebook. */
  readonly paths: ReadonlyMap<string, string>
  /** Cells done, in all notebooks. */
  readonly done: number
  readonly band: Band | undefined
}

const STATES = ['done', 'failing', 'tried'] as const
const listOf = (value: unknown): readonly Shape[] => (Array.isArray(value) ? (value as Shape[]) : [])

function bandOf(value: unknown): Band | undefined {
  const { done, students } = (value ?? {}) as { done?: Partial<Band['done']>; students?: unknown }
  const { low, middle, high } = done ?? {}
  if (typeof students !== 'number') return undefined
  if (typeof low !== 'number' || typeof middle !== 'number' || typeof high !== 'number') return undefined
  return { done: { low, middle, high }, students }
}

/** What an answer of `GET /me/progress` says (SPEC TLK-8). */
export function progressOf({ notebooks, band }: Shape): Progress {
  const cells = new Map<string, ReadonlyMap<string, CellState>>()
  const paths = new Map<string, string>()
  for (const { notebook, cells: listed } of listOf(notebooks)) {
    const states = new Map<string, CellState>()
    for (const { cell, state } of listOf(listed)) {
      const known = STATES.find((one) => one === state)
      if (known) states.set(String((cell as Shape | undefined)?.['id']), known)
    }
    const { id, path } = (notebook ?? {}) as { id?: unknown; path?: unknown }
    cells.set(String(id), states)
    if (typeof path === 'string' && path !== '') paths.set(String(id), path)
  }
  const all = [...cells.values()].flatMap((states) => [...states.values()])
  return { cells, paths, done: all.filter((state) => state === 'done').length, band: bandOf(band) }
}
