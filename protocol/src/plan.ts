import { Type, type Static } from 'typebox'

const Count = Type.Integer({ minimum: 0 })

/** Types of pictures that are taken, and how many bytes of one. */
export const PICTURES = { types: ['image/png', 'image/jpeg', 'image/webp'], bytes: 8 * 1024 * 1024 } as const

/** The picture of a class's room as it is kept: WebP, at most 2560 pixels a side. */
export const PlanInfo = Type.Object({
  width: Count,
  height: Count,
  bytes: Count,
  /** Milliseconds since the epoch. */
  changedAt: Count,
})
export type PlanInfo = Static<typeof PlanInfo>
