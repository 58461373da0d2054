import { Type, type Static } from 'typebox'
import { LIMITS } from './limits.ts'
import { PlanInfo } from './plan.ts'

const Count = Type.Integer({ minimum: 0 })
const Percent = Type.Number({ minimum: 0, maximum: 100 })

/** What stands on the plan of a room: a student by pseudonymous id, or a team by the name that the roster has. */
export const SeatOf = Type.Object({
  kind: Type.Union([Type.Literal('student'), Type.Literal('team')]),
  id: Type.String({ minLength: 1, maxLength: LIMITS.nameChars }),
})
export type SeatOf = Static<typeof SeatOf>

/** Where its middle is, in per cent of the width and height of the plan; without `x` and `y` it stands nowhere. */
export const SeatPlace = Type.Object({
  ...SeatOf.properties,
  x: Type.Optional(Percent),
  y: Type.Optional(Percent),
})
export type SeatPlace = Static<typeof SeatPlace>

/** `PUT /api/v2/classes/{class}/seats`: those that are moved, placed or taken away; the others stay (SPEC PLN-4). */
export const SeatsEdit = Type.Object({ places: Type.Array(SeatPlace, { minItems: 1, maxItems: 1000 }) })
export type SeatsEdit = Static<typeof SeatsEdit>

/** `GET /api/v2/classes/{class}/seats?after=VERSION`: what changed after that version, and the version after it. */
export const Seats = Type.Object({
  version: Count,
  /** Absent when the class has no picture of its room. */
  picture: Type.Optional(PlanInfo),
  places: Type.Array(SeatPlace),
})
export type Seats = Static<typeof Seats>

/** Seats whose heights differ by less than this, in per cent, are in one row: nobody drags to the pixel. */
const ROW_PERCENT = 3
const LETTERS = 26

function rowName(row: number): string {
  const letter = String.fromCodePoint(65 + (row % LETTERS))
  return row < LETTERS ? letter : rowName(Math.floor(row / LETTERS) - 1) + letter
}

/**
 * What the seats of the students are called, by student: the row by letter from the top of the plan, the place in it by number
 * from the left (`B3`). Two that read the same plan call a seat the same (SPEC PLN-6).
 */
export function seatNames(places: readonly SeatPlace[]): ReadonlyMap<string, string> {
  const seats = places
    .flatMap(({ kind, id, x, y }) => (kind === 'student' && x !== undefined && y !== undefined ? [{ id, x, y }] : []))
    .sort((a, b) => a.y - b.y || a.x - b.x || (a.id < b.id ? -1 : 1))
  const rows: (typeof seats)[] = []
  for (const seat of seats) {
    const row = rows.at(-1)
    if (row?.[0] && seat.y - row[0].y < ROW_PERCENT) row.push(seat)
    else rows.push([seat])
  }
  return new Map(
    rows.flatMap((row, n) =>
      row.sort((a, b) => a.x - b.x || (a.id < b.id ? -1 : 1)).map(({ id }, at) => [id, `${rowName(n)}${at + 1}`]),
    ),
  )
}
