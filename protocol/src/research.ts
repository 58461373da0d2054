import { Type, type Static } from 'typebox'
import { Level } from './levels.ts'

const Count = Type.Integer({ minimum: 0 })

/** Version of the lines that researchers get. */
export const RESEARCH_VERSION = 1

/** `GET /api/v2/classes/{class}/research?times=` (SPEC RES-1). */
export const ResearchQuery = Type.Object({
  /** `shifted`: `t` counts from the first event; `kept`: since the epoch. */
  times: Type.Optional(Type.Union([Type.Literal('shifted'), Type.Literal('kept')], { default: 'shifted' })),
})
export type ResearchQuery = Static<typeof ResearchQuery>

/** First line: what follows. */
export const ResearchHead = Type.Object({
  schema: Type.Literal('lectern.research'),
  version: Type.Literal(RESEARCH_VERSION),
  /** Collection level of the class now. */
  level: Level,
  times: Type.Union([Type.Literal('shifted'), Type.Literal('kept')]),
  /** Students who agreed that their data goes to researchers. */
  students: Count,
})
export type ResearchHead = Static<typeof ResearchHead>

/** Every other line: one event. All ids are of this researcher and class alone. */
export const ResearchEvent = Type.Object({
  student: Type.String(),
  /** The student's browser profile, and the event's number there, from 1. */
  install: Type.String(),
  seq: Count,
  /** Milliseconds. */
  t: Type.Number(),
  type: Type.String(),
  notebook: Type.Optional(Type.String()),
  cell: Type.Optional(Type.Object({ id: Type.String(), index: Count, type: Type.String() })),
  data: Type.Record(Type.String(), Type.Unknown()),
})
export type ResearchEvent = Static<typeof ResearchEvent>
