import { expect, it } from 'vitest'
import { judgeLog } from './verify.ts'

const log = [1, 2, 3, 4].map((offset) => ({
  offset,
  id: `e${offset}`,
  install: offset % 2 ? 'a' : 'b',
  seq: Math.ceil(offset / 2),
}))
const ids = new Set(log.map(({ id }) => id))
const sound = { lost: 0, doubled: 0, disordered: 0, gaps: 0, found: 4 }

it('ING-1 LOG-1 finds a sound log sound', () => {
  expect(judgeLog(log, ids)).toEqual(sound)
})

it('ING-1 LOG-1 control: finds what was lost, doubled, swapped or left out', () => {
  const [one, two, three, four] = log
  expect(judgeLog(log.slice(0, 3), ids)).toMatchObject({ lost: 1 })
  expect(judgeLog([...log, { ...four!, offset: 5 }], ids)).toMatchObject({ lost: 0, doubled: 1 })
  expect(judgeLog([{ ...three!, offset: 1 }, two!, { ...one!, offset: 3 }, four!], ids)).toMatchObject({
    lost: 0,
    disordered: 1,
  })
  expect(judgeLog([one!, two!, four!], ids)).toMatchObject({ lost: 1, gaps: 1 })
})
