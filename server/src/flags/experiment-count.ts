import type { StoredEvent } from '@lectern/protocol'

const STREAK = 3
const WITHIN_MS = 10 * 60_000

/** How often the outcome was possible, and how often it came about, by variant. */
export type Counts = Record<string, { subjects: number; outcomes: number }>

/** What is carried from one part of a class's log to the next; plain JSON. */
export interface Carry {
  /** Rules in force, while the experiment chose them. */
  variant?: string
  /** Errors in a row, by student and cell. */
  streaks: Record<string, number>
  /** Since when a student is in trouble in a cell, and under which variant. */
  open: Record<string, { since: number; variant: string }>
}

/** Before the first event. */
export const nothingCarried = (): Carry => ({ streaks: {}, open: {} })

function close(carry: Carry, counts: Counts, { key, outcome }: { key: string; outcome: boolean }): void {
  const found = carry.open[key]
  if (!found) return
  const count = (counts[found.variant] ??= { subjects: 0, outcomes: 0 })
  count.subjects += 1
  if (outcome) count.outcomes += 1
  delete carry.open[key]
}

function closeOld(carry: Carry, counts: Counts, now: number): void {
  for (const [key, { since }] of Object.entries(carry.open)) {
    if (now - since > WITHIN_MS) close(carry, counts, { key, outcome: false })
  }
}

/**
 * Counts the outcome of "rules-and-recovery" over events of one class in offset order: of three errors in a row of a student in a
 * cell, under rules that the experiment chose, how many were followed by a run of that cell that ended well within ten minutes.
 * Changes `carry` and `counts`; the same events in other parts give the same.
 */
export function countRecovery(events: readonly StoredEvent[], carry: Carry, counts: Counts): void {
  for (const event of events) {
    closeOld(carry, counts, event.time)
    if (event.type === 'rules_changed') {
      const { rules, experiment } = event.data
      if (experiment === 'rules-and-recovery') carry.variant = rules
      else delete carry.variant
      continue
    }
    if (event.type !== 'cell_executed' || !event.cell || !event.notebook) continue
    const key = JSON.stringify([event.student, event.notebook.id, event.cell.id])
    if (event.data.status === 'ok') {
      close(carry, counts, { key, outcome: true })
      delete carry.streaks[key]
    } else if (event.data.status === 'error') {
      const streak = (carry.streaks[key] ?? 0) + 1
      carry.streaks[key] = streak
      const { variant } = carry
      if (streak === STREAK && variant !== undefined) carry.open[key] = { since: event.time, variant }
    }
  }
}

const Z = 1.959_963_984_540_054

/** Wilson's score interval at 95 % of a share; undefined of nothing. E. B. Wilson, JASA 22 (1927). */
export function wilson({
  subjects,
  outcomes,
}: Counts[string]): { rate: number; low: number; high: number } | undefined {
  if (subjects === 0) return undefined
  const rate = outcomes / subjects
  const square = (Z * Z) / subjects
  const middle = (rate + square / 2) / (1 + square)
  const half = (Z / (1 + square)) * Math.sqrt((rate * (1 - rate)) / subjects + square / (4 * subjects))
  return { rate, low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}
