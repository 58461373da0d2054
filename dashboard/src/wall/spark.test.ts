import { RECENT_MINUTES } from '@lectern/protocol'
import { expect, it } from 'vitest'
import { sparkPaths } from './spark.tsx'

const NOW = 29_596_380

it('draws a bar for each minute with runs, the newest at the right, and the failed ones over it', () => {
  const { runs, failures, n, bad } = sparkPaths({ [NOW]: [3, 1], [NOW - 1]: [6, 0] }, NOW)
  const right = (RECENT_MINUTES - 1) * 4
  expect(runs).toBe(`M${right - 4} 16v-16h3v16zM${right} 16v-8h3v8z`)
  expect(failures).toBe(`M${right} 16v-3h3v3z`)
  expect([n, bad]).toEqual([9, 1])
})

it('shows nothing of minutes that are over, and no bar higher than the picture', () => {
  expect(sparkPaths({ [NOW - RECENT_MINUTES]: [5, 5] }, NOW)).toEqual({ runs: '', failures: '', n: 0, bad: 0 })
  expect(sparkPaths({ [NOW]: [900, 900] }, NOW).runs).toContain('v-16')
  expect(sparkPaths(undefined, NOW).n).toBe(0)
})
