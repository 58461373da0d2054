import { expect } from 'vitest'
import type { LoggedEvent, Staff } from './staff.ts'
import { eventually } from './ports.ts'

/** Waits until the log of a class holds `count` runs of cells, and gives them in the order of the log. */
export function runsInLog(staff: Staff, id: string, count: number): Promise<readonly LoggedEvent[]> {
  return eventually(`${count} runs in the log`, async () => {
    const runs = (await staff.events(id)).filter(({ type }) => type === 'cell_executed')
    return runs.length >= count ? runs : undefined
  })
}

/** Fails unless every event of the log is there exactly once: offsets and each install's numbers without gaps, no id twice. */
export function expectExactlyOnce(events: readonly LoggedEvent[]): void {
  expect(events.map(({ offset }) => offset)).toEqual(events.map((_, index) => index + 1))
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
  for (const install of new Set(events.map((event) => event.install))) {
    const seqs = events.filter((event) => event.install === install).map(({ seq }) => seq)
    expect(seqs.toSorted((a, b) => a - b)).toEqual(seqs.map((_, index) => index + 1))
  }
}
