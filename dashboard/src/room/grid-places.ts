import type { SeatPlace } from '@lectern/protocol'

/** Places are kept in half per cents: nobody can tell less apart. */
const STEP = 0.5
const WHOLE = 100

/** A length in per cent as it is kept: within the plan, in steps. */
export function percent(value: number): number {
  return Math.min(WHOLE, Math.max(0, Math.round(value / STEP) * STEP))
}

/**
 * Students in rows over the whole plan, in their order, from the front left. `aspect`: width of the plan by its height.
 * Nothing of it depends on anything else, so that everybody sees the same.
 */
export function gridPlaces(students: readonly string[], aspect: number): readonly SeatPlace[] {
  const columns = Math.max(1, Math.ceil(Math.sqrt(students.length * aspect)))
  const rows = Math.max(1, Math.ceil(students.length / columns))
  return students.map((id, n) => ({
    kind: 'student',
    id,
    x: Math.round(((n % columns) + 0.5) * (1000 / columns)) / 10,
    y: Math.round((Math.floor(n / columns) + 0.5) * (1000 / rows)) / 10,
  }))
}
