import { expect, it } from 'vitest'
import { sampleAt, studentAt } from './level-sample.ts'

const NOW = 1_775_782_808_000

it('LVL-1 shows of the example what the server would keep at each level', () => {
  const kept = ([0, 1, 2, 3, 4] as const).map((level) => {
    const { run, edit } = sampleAt(level)
    return ['status', 'errorName', 'errorMessage', 'source', 'outputs', 'deltas'].filter(
      (name) => name in run || name in edit,
    )
  })
  expect(kept).toEqual([
    [],
    ['status', 'errorName'],
    ['status', 'errorName', 'errorMessage', 'source'],
    ['status', 'errorName', 'errorMessage', 'source', 'outputs'],
    ['status', 'errorName', 'errorMessage', 'source', 'outputs', 'deltas'],
  ])
})

it('knows of nobody who is stuck where errors are not seen', () => {
  expect(studentAt(sampleAt(0), NOW)).toMatchObject({ failures: 0, attention: [{ kind: 'active' }] })
  expect(studentAt(sampleAt(1), NOW)).toMatchObject({ failures: 3, attention: [{ kind: 'stuck' }] })
})
