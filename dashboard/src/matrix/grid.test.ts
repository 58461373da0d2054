import type { MatrixMessage, StudentState } from '@lectern/protocol'
import { describe, expect, it } from 'vitest'
import type { Row } from '../class/overview.ts'
import { columnsOf, createLines, hardestOf, orderRows } from './grid.ts'
import { placeAfter } from './grid-keys.ts'
import { applyMatrix, type Matrix } from './matrix.ts'

const cell = (index: number) => ({ id: `c${index}`, index, type: 'code' as const })
const frame = (more: Partial<MatrixMessage>): MatrixMessage => ({
  kind: 'matrix',
  class: 'k1',
  notebook: 'nb',
  at: 0,
  to: 1,
  rows: {},
  ...more,
})
const WHOLE = frame({
  to: 5,
  cells: [cell(3), cell(1), null],
  rows: { s1: 'd,r3.5', s2: 'f2.9,d.1', s3: ',t', s4: ',d' },
})
const matrix = applyMatrix(undefined, WHOLE) as Matrix

const rowOf = (id: string, rank: number, student: Partial<StudentState> = {}): Row => ({
  id,
  name: id.toUpperCase(),
  student: { firstAt: 0, lastAt: 0, online: true, executions: 0, failures: 0, attention: [], ...student },
  phase: { from: 0, kind: 'active', score: 0, reason: { code: 'working' } },
  help: undefined,
  rank,
})
const rows = [rowOf('s2', 3), rowOf('s4', 0), rowOf('s1', 2), rowOf('s3', 1), rowOf('s5', 4, { sharing: false })]

describe('the matrix that frames make', () => {
  it('MTX-1 takes rows that changed into those that it holds, and keeps the others as they are', () => {
    const next = applyMatrix(matrix, frame({ from: 4, to: 9, rows: { s2: 'd3.9,d.1', s3: '' } })) as Matrix
    expect(next.to).toBe(9)
    expect(next.columns).toBe(matrix.columns)
    expect(next.rows.get('s1')).toBe(matrix.rows.get('s1'))
    expect(next.rows.get('s2')?.[0]).toEqual({ state: 'done', tries: 3, seconds: 9 })
    expect(next.rows.has('s3')).toBe(false)
  })

  it('MTX-3 asks for all rows after a gap or of another notebook, and lets them replace what it holds', () => {
    expect(applyMatrix(matrix, frame({ from: 6, to: 9 }))).toBeUndefined()
    expect(applyMatrix(undefined, frame({ from: 0 }))).toBeUndefined()
    expect(applyMatrix(matrix, frame({ notebook: 'other', from: 5, to: 9 }))).toBeUndefined()
    expect(applyMatrix(matrix, frame({ to: 9, cells: [], rows: {} }))?.rows.size).toBe(0)
  })
})

describe('the grid', () => {
  it('has the cells in the order of the notebook, with their sums', () => {
    const columns = columnsOf(matrix)
    expect(columns.map((one) => one.cell.index)).toEqual([1, 3])
    expect(columns[0]).toMatchObject({
      reached: 4,
      done: 3,
      failing: 0,
      tries: 6,
      medianSeconds: 1,
      medianTries: 1,
      held: 1,
    })
    expect(columns[1]).toMatchObject({ reached: 2, done: 1, failing: 1, tries: 3, held: 1 })
    expect(columnsOf({ ...matrix, rows: new Map() })[0]?.medianSeconds).toBeUndefined()
  })

  it('knows where they stop: most who came no further, then most who fail', () => {
    expect(hardestOf(columnsOf(matrix))?.cell.index).toBe(3)
    expect(hardestOf(columnsOf({ ...matrix, rows: new Map([['s4', matrix.rows.get('s4') ?? []]]) }))).toBeUndefined()
  })

  it('orders students, and has nothing but the name of who does not share', () => {
    const namesIn = (order: Parameters<typeof orderRows>[1]) => orderRows(rows, order, matrix).map(({ id }) => id)
    expect(namesIn('need')).toEqual(['s2', 's4', 's1', 's3', 's5'])
    expect(namesIn('name')).toEqual(['s4', 's3', 's1', 's2', 's5'])
    expect(namesIn('progress')).toEqual(['s1', 's4', 's2', 's3', 's5'])
    const linesOf = createLines()
    const lines = linesOf(rows, matrix)
    expect(lines.at(-1)).toMatchObject({ cells: [], done: 0 })
    expect(linesOf(rows, matrix)[0]).toBe(lines[0])
    const teams = new Map([
      ['s2', 'Red'],
      ['s4', 'Blue'],
      ['s1', 'Red'],
    ])
    const byTeam = linesOf(rows, matrix, teams).map((line) =>
      line.is === 'team' ? `${line.team}:${line.students}` : line.row.id,
    )
    expect(byTeam).toEqual(['Blue:1', 's4', 'Red:2', 's2', 's1', ':2', 's3', 's5'])
  })

  it('is walked by keys, past the names of teams', () => {
    const lines = createLines()(rows, matrix, new Map([['s2', 'Red']]))
    const grid = { lines, columns: 2 }
    const press = (key: string, from?: { line: number; column: number }, ctrlKey = false) =>
      placeAfter(from, { key, ctrlKey }, grid)
    expect(press('ArrowDown')).toEqual({ line: 1, column: 0 })
    expect(press('ArrowDown', { line: 1, column: 1 })).toEqual({ line: 3, column: 1 })
    expect(press('ArrowUp', { line: 3, column: 1 })).toEqual({ line: 1, column: 1 })
    expect(press('ArrowUp', { line: 1, column: 1 })).toEqual({ line: 1, column: 1 })
    expect(press('End', { line: 1, column: 0 })).toEqual({ line: 1, column: 1 })
    expect(press('End', { line: 1, column: 1 }, true)).toEqual({ line: 6, column: 1 })
    expect(press('Home', { line: 6, column: 1 }, true)).toEqual({ line: 1, column: 1 })
    expect(press('PageDown', { line: 1, column: 0 })).toEqual({ line: 6, column: 0 })
    expect(press('x', { line: 1, column: 0 })).toBeUndefined()
    expect(placeAfter(undefined, { key: 'ArrowDown', ctrlKey: false }, { lines: [], columns: 2 })).toBeUndefined()
  })
})
