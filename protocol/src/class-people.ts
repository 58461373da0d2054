import { Type, type Static } from 'typebox'
import { Email, Name } from './api.ts'
import { LIMITS } from './limits.ts'
import { StaffRoleInClass } from './class-roles.ts'

const Ms = Type.Integer({ minimum: 0 })

/** Somebody of the staff with a role in a class. */
export const ClassStaff = Type.Object({
  id: Type.String(),
  name: Type.String(),
  email: Type.String(),
  role: StaffRoleInClass,
})
export type ClassStaff = Static<typeof ClassStaff>

/** `GET /api/v2/classes/{class}/staff`: instructors first. */
export const ClassStaffList = Type.Object({ staff: Type.Array(ClassStaff) })
export type ClassStaffList = Static<typeof ClassStaffList>

/** `PUT /api/v2/classes/{class}/staff/{user}`, where `user` is an id or the whole address. */
export const ClassStaffEdit = Type.Object({ role: StaffRoleInClass })
export type ClassStaffEdit = Static<typeof ClassStaffEdit>

const MINUTE_MS = 60_000
const YEAR_MS = 366 * 24 * 60 * MINUTE_MS
const Id = Type.String({ minLength: 1, maxLength: 64 })
const Team = Type.String({ maxLength: LIMITS.nameChars })

/**
 * `POST /api/v2/classes/{class}/codes` (SPEC JOI-10, JOI-11). `maxUses`: how many students may come in by it. `student`: the
 * one of the roster to whom it belongs; whoever joins by it is that student.
 */
export const NewCode = Type.Object(
  {
    expiresInMs: Type.Optional(Type.Integer({ minimum: MINUTE_MS, maximum: YEAR_MS })),
    maxUses: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
    student: Type.Optional(Id),
  },
  { default: {} },
)
export type NewCode = Static<typeof NewCode>

/** A join code. `uses`: students who came in by it; machines, where it belongs to one student. */
export const JoinCode = Type.Object({
  code: Type.String(),
  createdAt: Ms,
  uses: Type.Integer({ minimum: 0 }),
  expiresAt: Type.Optional(Ms),
  maxUses: Type.Optional(Type.Integer({ minimum: 1 })),
  student: Type.Optional(Id),
})
export type JoinCode = Static<typeof JoinCode>

export const JoinCodeList = Type.Object({ codes: Type.Array(JoinCode) })
export type JoinCodeList = Static<typeof JoinCodeList>

/** One of the roster: who is behind a pseudonymous id. `joinedAt` is absent until the student has joined. */
export const RosterEntry = Type.Object({
  id: Type.String(),
  name: Type.String(),
  email: Type.Optional(Type.String()),
  team: Type.Optional(Type.String()),
  joinedAt: Type.Optional(Ms),
  /** False when the student has not agreed that anything is collected. */
  sharing: Type.Optional(Type.Boolean()),
  /** What the seat is called, for who stands on the plan of the room (SPEC PLN-6). */
  seat: Type.Optional(Type.String()),
})
export type RosterEntry = Static<typeof RosterEntry>

/** `GET /api/v2/classes/{class}/students`. */
export const Roster = Type.Object({ students: Type.Array(RosterEntry) })
export type Roster = Static<typeof Roster>

/** `PATCH /api/v2/classes/{class}/students/{student}` (SPEC JOI-13): an empty address or team is removed. */
export const StudentEdit = Type.Object({
  name: Type.Optional(Name),
  email: Type.Optional(Type.Union([Type.Literal(''), Email])),
  team: Type.Optional(Team),
})
export type StudentEdit = Static<typeof StudentEdit>

/**
 * `POST /api/v2/classes/{class}/students`: `codes` asks for a code for each (SPEC JOI-12), `update` gives those who are there by
 * their address the name and team that are said here (SPEC JOI-13).
 */
export const NewStudents = Type.Object({
  students: Type.Array(Type.Object({ name: Name, email: Type.Optional(Email), team: Type.Optional(Team) }), {
    minItems: 1,
    maxItems: 500,
  }),
  codes: Type.Optional(Type.Boolean()),
  update: Type.Optional(Type.Boolean()),
})
export type NewStudents = Static<typeof NewStudents>

/** In the order in which they were named; `known`: was on the roster before, by the address; `changed`: is not as before. */
export const EnlistedStudents = Type.Object({
  students: Type.Array(
    Type.Object({
      ...RosterEntry.properties,
      known: Type.Boolean(),
      changed: Type.Optional(Type.Boolean()),
      code: Type.Optional(Type.String()),
    }),
  ),
})
export type EnlistedStudents = Static<typeof EnlistedStudents>
