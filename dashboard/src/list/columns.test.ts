import { expect, it } from 'vitest'
import type { Row } from '../class/overview.ts'
import { columnsFor, COLUMNS, readSorting, sortingAfter, sortRows, type Listed } from './columns.ts'

const listed = (rank: number, executions: number, team?: string): Listed => ({
  row: { id: `s${rank}`, rank, name: `N${rank}`, student: { executions, lastAt: executions } } as unknown as Row,
  entry: { id: `s${rank}`, name: `N${rank}`, ...(team === undefined ? {} : { team }) },
})
const ROWS = [listed(2, 5, 'b 10'), listed(0, 9), listed(1, 5, 'b 2')]
const order = (text: string) => sortRows(ROWS, readSorting(text)).map(({ row }) => row.rank)

it('sorts by every column both ways, alike ones by name, and who has nothing last', () => {
  expect(order('')).toEqual([2, 0, 1])
  expect(order('-need')).toEqual([1, 0, 2])
  expect(order('name')).toEqual([0, 1, 2])
  expect(order('runs')).toEqual([1, 2, 0])
  expect(order('-runs')).toEqual([0, 2, 1])
  expect(order('team')).toEqual([1, 2, 0])
  expect(order('seen')).toEqual([0, 1, 2])
  for (const { name } of COLUMNS) expect(new Set(order(`-${name}`)).size).toBe(3)
})

it('takes no other word for a column', () => {
  for (const text of [undefined, 'x', '-', '--name', '__proto__']) expect(readSorting(text).column).toBe('need')
})

it('goes up, down, and back to need by presses on a head', () => {
  const press = (text: string) => sortingAfter(readSorting(text), 'runs')
  expect([press(''), press('runs'), press('-runs'), press('name')]).toEqual(['runs', '-runs', '', 'runs'])
  expect([sortingAfter(readSorting(''), 'need'), sortingAfter(readSorting('-need'), 'need')]).toEqual(['-need', ''])
})

it('shows fewer columns the narrower it is, never without name and need', () => {
  const names = (width: number, hidden: string[] = []) => columnsFor(width, hidden).map(({ name }) => name)
  expect(names(0)).toEqual(['name', 'need'])
  expect(names(200)).toEqual(COLUMNS.map(({ name }) => name))
  expect(names(200, ['name', 'team', 'runs'])).toEqual(
    COLUMNS.map(({ name }) => name).filter((name) => name !== 'team' && name !== 'runs'),
  )
})
