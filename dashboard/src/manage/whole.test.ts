import { expect, it } from 'vitest'
import { byNotebook, latelyTold, minuteColumns } from './whole.ts'

const minutes = [
  { minute: 100, students: 9, executions: 20, failures: 6 },
  { minute: 101 },
  { minute: 103, executions: 8 },
  { minute: 104, executions: 7, failures: 0 },
]
const AT = 104.5 * 60_000

it('shows a minute that is not told as a hole, one without events as 0, and not the one that is still running', () => {
  expect(minuteColumns(minutes, AT)).toEqual([
    [5940, 6000, 6060, 6120, 6180],
    [0, 20, null, 0, 8],
    [0, 6, null, 0, null],
  ])
  expect(minuteColumns([{ minute: 1, executions: 5 }], AT)[0]).toHaveLength(60)
})

it('adds up what is told of the last five minutes', () => {
  expect(latelyTold(minutes, AT)).toEqual({ runs: 35, failures: 6 })
  expect(latelyTold(minutes, AT + 60_000)).toEqual({ runs: 15, failures: 0 })
})

it('keeps the cells of a notebook together', () => {
  const cells = [
    { notebook: 'a', index: 1 },
    { notebook: 'a', index: 2, done: 7 },
    { notebook: 'b', index: 0 },
  ]
  expect(byNotebook(cells).map(([name, own]) => [name, own.length])).toEqual([
    ['a', 2],
    ['b', 1],
  ])
})
