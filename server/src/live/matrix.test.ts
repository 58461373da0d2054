import { readMatrixRow, type StoredEvent } from '@lectern/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createClassFold, restoreFold } from './class-fold.ts'
import type { ClassFold } from './live.ts'

const START = 1_775_782_800_000
const NOTEBOOK = 'nb'
const STATUSES = ['ok', 'error', 'aborted', undefined] as const

interface Run {
  student?: string
  cell?: number
  status?: (typeof STATUSES)[number]
  seq?: number
  time?: number
  index?: number
  notebook?: string
}

/** A fold of runs, one a second. */
function foldOf(runs: readonly Run[]): ClassFold {
  const fold = createClassFold()
  fold.apply(eventsOf(runs))
  fold.flush()
  return fold
}

function eventsOf(runs: readonly Run[], after = 0): StoredEvent[] {
  return runs.map((run, at) => {
    const { student = 's1', cell = 0, status, index = cell, notebook = NOTEBOOK } = run
    const offset = after + at + 1
    const time = run.time ?? START + offset * 1000
    const made = {
      offset,
      student,
      id: `id-${offset}`,
      install: `i-${student}`,
      seq: run.seq ?? offset,
      type: 'cell_executed',
      at: new Date(time).toISOString(),
      received: time,
      time,
      notebook: { id: notebook, path: 'nb.ipynb' },
      cell: { id: `c${cell}`, index, type: 'code' },
      data: status === undefined ? {} : { status },
    }
    return made as StoredEvent
  })
}

const sharing = (offset: number, student: string, value: boolean): StoredEvent =>
  ({
    ...eventsOf([{ student }], offset - 1)[0],
    type: 'sharing_changed',
    notebook: undefined,
    cell: undefined,
    data: { sharing: value },
  }) as unknown as StoredEvent

const rowsOf = (fold: ClassFold, since?: number) => fold.matrix(NOTEBOOK, since)?.rows

describe('the matrix of a notebook', () => {
  it('MTX-2 tells what became of each cell, after how many tries and how long', () => {
    const fold = foldOf([
      { cell: 0, status: 'ok' },
      { cell: 2, status: 'error' },
      { cell: 2, status: 'ok' },
      { student: 's2', cell: 0, status: 'error' },
      { student: 's2', cell: 0, status: 'error' },
      { student: 's2', cell: 1, status: 'aborted' },
    ])
    expect(fold.matrix(NOTEBOOK)?.cells?.map((cell) => cell?.id)).toEqual(['c0', 'c2', 'c1'])
    expect(rowsOf(fold)).toEqual({ s1: 'd,r2.1', s2: 'f2.1,,t' })
    expect(fold.matrix('another')).toEqual({ to: 6, cells: [], rows: {} })
  })

  it('MTX-2 counts the time to the first success, whatever comes after it, and late events', () => {
    const late = { cell: 0, seq: 1, time: START + 500, status: 'error' } as const
    const fold = foldOf([{ status: 'ok', seq: 5 }, { status: 'ok', seq: 6 }, late])
    expect(readMatrixRow(rowsOf(fold)?.['s1'] ?? '')).toEqual([{ state: 'recovered', tries: 3, seconds: 1 }])
  })

  it('MTX-1 gives rows that changed alone, and the columns only when these did', () => {
    const fold = foldOf([
      { cell: 0, status: 'ok' },
      { student: 's2', cell: 0, status: 'ok' },
    ])
    expect(fold.matrix(NOTEBOOK, 2)).toBeUndefined()
    fold.apply(eventsOf([{ student: 's2', cell: 0, status: 'ok' }], 2))
    expect(fold.matrix(NOTEBOOK, 2)).toEqual({ from: 2, to: 3, rows: { s2: 'd2' } })
    fold.apply(eventsOf([{ cell: 1, status: 'error' }], 3))
    expect(fold.matrix(NOTEBOOK, 3)).toMatchObject({ cells: [{ id: 'c0' }, { id: 'c1' }], rows: { s1: 'd,f' } })
    fold.apply(eventsOf([{ cell: 1, index: 7, status: 'error' }], 4))
    expect(fold.matrix(NOTEBOOK, 4)?.cells?.map((cell) => cell?.index)).toEqual([0, 7])
  })

  it('MTX-2 CON-5 has nothing of who does not share', () => {
    const fold = foldOf([
      { cell: 0, status: 'ok' },
      { student: 's2', cell: 1, status: 'ok' },
    ])
    fold.apply([sharing(3, 's2', false)])
    expect(fold.matrix(NOTEBOOK, 2)).toMatchObject({ rows: { s2: '' }, cells: [{ id: 'c0' }, null] })
    expect(rowsOf(fold)).toEqual({ s1: 'd' })
  })

  it('MTX-2 agrees with the state of the class, is the same after a restart, and by changes as in one', () => {
    const run = fc.record({
      student: fc.constantFrom('s1', 's2', 's3'),
      cell: fc.nat(3),
      status: fc.constantFrom(...STATUSES),
    })
    fc.assert(
      fc.property(fc.array(run, { maxLength: 40 }), fc.nat(40), (runs, cut) => {
        const events = eventsOf(runs)
        const whole = createClassFold()
        whole.apply(events)
        whole.flush()
        const half = createClassFold()
        half.apply(events.slice(0, cut))
        half.flush()
        const rows = { ...half.matrix(NOTEBOOK)?.rows }
        const restored = restoreFold(half.checkpoint().state)
        restored.apply(events.slice(cut))
        restored.flush()
        expect(restored.matrix(NOTEBOOK)).toEqual(whole.matrix(NOTEBOOK))
        expect({ ...rows, ...rowsOf(restored, half.offset) }).toEqual(rowsOf(whole))
        agrees(whole)
      }),
    )
  })
})

/** The sums of the columns are those of the state. */
function agrees(fold: ClassFold): void {
  const { cells = [], rows = {} } = fold.matrix(NOTEBOOK) ?? {}
  const read = Object.values(rows).map(readMatrixRow)
  const { state } = fold.snapshot()
  for (const [column, cell] of cells.entries()) {
    const own = read.flatMap((row) => row[column] ?? [])
    const count = (...names: string[]) => own.filter((one) => names.includes(one.state)).length
    expect(state.cells[`${NOTEBOOK}#${cell?.id}`]).toMatchObject({
      reached: own.length,
      done: count('done', 'recovered'),
      failing: count('failing'),
      tries: own.reduce((sum, { tries }) => sum + tries, 0),
    })
  }
}
