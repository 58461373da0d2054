import { expect, it } from 'vitest'
import { activityColumns, lately } from './activity.ts'
import { notebookName, progressOf } from './progress.ts'

const MINUTE = 60_000
const NOW = 1000 * MINUTE + 12_000

function cell(book: string, id: string, counts: { index: number; reached: number; done: number; failing: number }) {
  const { index, ...rest } = counts
  return {
    notebook: { id: book, path: `week 1/${book}.ipynb` },
    cell: { id, index, type: 'code' as const },
    tries: rest.reached,
    ...rest,
  }
}

it('shows cells in notebook order and names the one where most fail', () => {
  const books = progressOf({
    'a#2': cell('a', '2', { index: 4, reached: 3, done: 1, failing: 2 }),
    'a#1': cell('a', '1', { index: 1, reached: 5, done: 5, failing: 0 }),
    'b#1': cell('b', '1', { index: 0, reached: 1, done: 1, failing: 0 }),
  })
  expect(books.map(({ notebook }) => notebook.id)).toEqual(['a', 'b'])
  expect(books[0]?.cells.map(({ key }) => key)).toEqual(['a#1', 'a#2'])
  expect(books[0]).toMatchObject({ students: 5, hardest: 'a#2' })
  expect(books[1]?.hardest).toBeUndefined()
})

it('names a notebook by its file', () => {
  expect(notebookName({ id: 'x', path: 'week 1/intro.ipynb' })).toBe('intro')
  expect(notebookName({ id: 'x', path: '' })).toBe('x')
})

it('shows minutes in which nothing happened as 0, and not the minute that is still running', () => {
  const minute = (executions: number, failures: number) => ({ executions, failures, help: 0, students: 1 })
  const activity = { 990: minute(4, 1), 998: minute(2, 0), 1000: minute(9, 9) }
  const [times, runs, failures] = activityColumns(activity, NOW)
  expect(times[0]).toBe(990 * 60)
  expect(times.at(-1)).toBe(999 * 60)
  expect(runs).toEqual([4, 0, 0, 0, 0, 0, 0, 0, 2, 0])
  expect(failures[0]).toBe(1)
  expect(lately(activity, NOW, 5)).toEqual({ runs: 11, failures: 9 })
})

it('shows an hour at most', () => {
  const old = { 10: { executions: 1, failures: 0, help: 0, students: 1 } }
  expect(activityColumns(old, NOW)[0]).toHaveLength(60)
})
