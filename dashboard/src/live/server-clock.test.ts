import { expect, it } from 'vitest'
import { createServerClock } from './server-clock.ts'

it('believes the message that was least late', () => {
  let now = 1_000
  const clock = createServerClock(() => now)
  expect(clock.skew()).toBe(0)
  clock.heard(5_900)
  now = 2_000
  clock.heard(6_990)
  now = 3_000
  clock.heard(7_500)
  expect(clock.skew()).toBe(4_990)
})

it('follows a computer whose clock was set while the page was open', () => {
  let now = 1_000
  const clock = createServerClock(() => now)
  clock.heard(1_000)
  now = 601_000
  for (let beat = 0; beat < 16; beat += 1) clock.heard(2_000)
  expect(clock.skew()).toBe(-599_000)
})
