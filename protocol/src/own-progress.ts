import { Type, type Static } from 'typebox'
import { CellRef, NotebookRef } from './events.ts'

const Count = Type.Integer({ minimum: 0 })

/** One cell that the student ran: the last run succeeded, failed, or it is not known how it ended. */
export const OwnCell = Type.Object({
  cell: CellRef,
  state: Type.Union([Type.Literal('done'), Type.Literal('failing'), Type.Literal('tried')]),
})
export type OwnCell = Static<typeof OwnCell>

/**
 * `GET /api/v2/me/progress` (SPEC TLK-8): the student's notebooks with their cells in order; and, where the class allows it and
 * enough students share, where the class is: quartiles of the number of cells that each of `students` has done.
 */
export const OwnProgress = Type.Object({
  notebooks: Type.Array(Type.Object({ notebook: NotebookRef, cells: Type.Array(OwnCell) })),
  band: Type.Optional(Type.Object({ done: Type.Object({ low: Count, middle: Count, high: Count }), students: Count })),
})
export type OwnProgress = Static<typeof OwnProgress>
