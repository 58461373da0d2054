// @vitest-environment happy-dom
import { expect, it } from 'vitest'
import { rulesTyped } from './rules-section.tsx'

const TYPED = { stuckErrors: '3', stuckTryingMs: '5', stuckSilentMs: '4', activeForMs: '2', awayAfterMs: '30' }

it('reads thresholds in the units that are shown, and none that the server would refuse', () => {
  expect(rulesTyped(TYPED)).toEqual({
    stuckErrors: 3,
    stuckTryingMs: 300_000,
    stuckSilentMs: 240_000,
    activeForMs: 120_000,
    awayAfterMs: 1_800_000,
  })
  expect(rulesTyped({ ...TYPED, activeForMs: ' 0,5 ' })?.activeForMs).toBe(30_000)
  for (const wrong of ['', ' ', 'x', '1', '21', '-3', 'Infinity', '1e9']) {
    expect(rulesTyped({ ...TYPED, stuckErrors: wrong }), wrong).toBeUndefined()
  }
})
