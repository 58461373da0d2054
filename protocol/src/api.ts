import { Type, type Static } from 'typebox'
import { ConsentAnswer } from './consent.ts'
import { Lesson } from './lessons.ts'
import { Level } from './levels.ts'
import { LIMITS } from './limits.ts'
import { RoleInClass } from './class-roles.ts'
import { ByPasskey } from './sign-in.ts'
import { ClassState } from './state.ts'

const Ms = Type.Integer({ minimum: 0 })
/** A name that people read. */
export const Name = Type.String({ minLength: 1, maxLength: LIMITS.nameChars, pattern: '\\S' })
/** An e-mail address; compared without regard to case. */
export const Email = Type.String({ minLength: 3, maxLength: 254, pattern: '^[^\\s@]+@[^\\s@]+$' })

/** Problem details of every error (RFC 9457); `action` says what to do (SPEC ERR-1). */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  detail: Type.String(),
  action: Type.String(),
  /** Id of the request in the server's log. */
  instance: Type.Optional(Type.String()),
})
export type Problem = Static<typeof Problem>

const Code = Type.String({ minLength: 1, maxLength: 64 })
const HubToken = Type.Object({ token: Type.String({ minLength: 1, maxLength: 512 }) })

/** Which users of the JupyterHub may join a class without a code (SPEC JOI-21); `groups` counts where `open` says so. */
export const HubDoor = Type.Object({
  open: Type.Union([Type.Literal('nobody'), Type.Literal('everyone'), Type.Literal('groups')]),
  groups: Type.Array(Type.String({ minLength: 1, maxLength: 255 }), { maxItems: 50 }),
})
export type HubDoor = Static<typeof HubDoor>

/**
 * `POST /api/v2/join` (SPEC JOI-1). `hub.token`: the token of one's own notebook server on the JupyterHub that the server is
 * configured with (SPEC JOI-20); who is in the class already, or whom it is open to (JOI-21), may then name the class instead of a code.
 */
export const JoinRequest = Type.Object({
  code: Type.Optional(Code),
  class: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  hub: Type.Optional(HubToken),
  install: Type.String({ pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' }),
  name: Name,
  email: Type.Optional(Email),
  team: Type.Optional(Type.String({ maxLength: LIMITS.nameChars })),
  /** Absent: the student was shown what the class collects, and agrees (SPEC CON-2). */
  consent: Type.Optional(ConsentAnswer),
  /** The answer of a student who is new to the class; of others the one that is kept stands (SPEC CON-6). */
  consentIfNew: Type.Optional(ConsentAnswer),
})
export type JoinRequest = Static<typeof JoinRequest>

/** `POST /api/v2/join/preview` (SPEC CON-2): what joining means, before anything is sent; by a code, or from the Hub by a class. */
export const JoinPreviewRequest = Type.Object({
  code: Type.Optional(Code),
  class: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  hub: Type.Optional(HubToken),
})
export type JoinPreviewRequest = Static<typeof JoinPreviewRequest>

export const JoinPreview = Type.Object({
  class: Type.Object({ name: Type.String() }),
  level: Level,
  /** Version of the text to be answered. */
  version: Type.Integer(),
  /** Days for which everything is kept after the class has ended. */
  retentionDays: Type.Integer(),
})
export type JoinPreview = Static<typeof JoinPreview>

export const JoinAnswer = Type.Object({
  token: Type.String(),
  class: Type.Object({ id: Type.String(), name: Type.String() }),
  student: Type.String(),
  level: Level,
  /** What is in force now: `level` is the one agreed to, `version` that of the text (SPEC CON-2). */
  consent: Type.Object({ version: Type.Integer(), level: Level, sharing: Type.Boolean() }),
})

export type JoinAnswer = Static<typeof JoinAnswer>

/** `POST /api/v2/live/ticket`: a single-use ticket for one socket; `expires` in ms of the server's clock. */
export const TicketAnswer = Type.Object({ ticket: Type.String(), expires: Ms })
export type TicketAnswer = Static<typeof TicketAnswer>

/** Sign-in by a link. */
export const ByLink = Type.Object({ link: Type.String({ minLength: 1, maxLength: 256 }) })
/** Sign-in by address and password. */
export const ByAddress = Type.Object({ email: Email, password: Type.String({ maxLength: 1024 }) })

/** `POST /api/v2/session`: by a link, by a passkey, or by address and password. */
export const SignInRequest = Type.Union([ByPasskey, ByLink, ByAddress])
export type SignInRequest = Static<typeof SignInRequest>

/** What a member of staff may do: everything; make classes; only what the rights of a class grant. */
export const StaffRole = Type.Union([Type.Literal('admin'), Type.Literal('instructor'), Type.Literal('member')])
export type StaffRole = Static<typeof StaffRole>

/** A member of staff. `passwordSet` is false after the first sign-in by link, until one is set. */
export const StaffUser = Type.Object({
  id: Type.String(),
  name: Type.String(),
  email: Type.String(),
  role: StaffRole,
  passwordSet: Type.Boolean(),
})
export type StaffUser = Static<typeof StaffUser>

/** How somebody signed in. */
export const SignInMethod = Type.Union([
  Type.Literal('password'),
  Type.Literal('link'),
  Type.Literal('passkey'),
  Type.Literal('oidc'),
  Type.Literal('jupyterhub'),
])
export type SignInMethod = Static<typeof SignInMethod>

/** `POST|GET /api/v2/session`. `at`: server clock. */
export const SessionAnswer = Type.Object({
  user: StaffUser,
  method: SignInMethod,
  expires: Ms,
  at: Ms,
  /** Set while nothing can be done but setting up a second factor (SPEC AUT-18). */
  secondFactorNeeded: Type.Optional(Type.Literal(true)),
})
export type SessionAnswer = Static<typeof SessionAnswer>

/** When and where a session was: `agent` is a coarse name of the browser, such as `Firefox, Linux`. */
export const Whereabouts = Type.Object({ at: Ms, address: Type.String(), agent: Type.String() })
export type Whereabouts = Static<typeof Whereabouts>

/** `GET /api/v2/session/list`: one's own sessions, the last used first (SPEC AUT-6). */
export const SessionList = Type.Object({
  sessions: Type.Array(
    Type.Object({
      id: Type.String(),
      /** True for the one that asks. */
      current: Type.Boolean(),
      method: SignInMethod,
      began: Whereabouts,
      seen: Whereabouts,
    }),
  ),
})
export type SessionList = Static<typeof SessionList>

/** `PATCH /api/v2/session`: what one is called. Another address needs a confirmation (SPEC AUT-14). */
export const AccountEdit = Type.Object({ name: Type.Optional(Name), email: Type.Optional(Email) })
export type AccountEdit = Static<typeof AccountEdit>

/** `PUT /api/v2/session/password`: `current` is asked for when one is set. At least 12 characters. */
export const PasswordRequest = Type.Object({
  password: Type.String({ maxLength: 1024 }),
  current: Type.Optional(Type.String({ maxLength: 1024 })),
  name: Type.Optional(Name),
  email: Type.Optional(Email),
})
export type PasswordRequest = Static<typeof PasswordRequest>

/**
 * One class. `role`: what the asker is in it. `students` that ever joined; `firstEventAt` is absent until the first event
 * arrived.
 */
export const ClassInfo = Type.Object({
  id: Type.String(),
  name: Type.String(),
  level: Level,
  role: RoleInClass,
  createdAt: Ms,
  endedAt: Type.Optional(Ms),
  students: Type.Integer({ minimum: 0 }),
  firstEventAt: Type.Optional(Ms),
  /** Days for which its data is kept after its end, and when that was removed. */
  retentionDays: Type.Integer({ minimum: 1 }),
  clearedAt: Type.Optional(Ms),
  /** Which users of the Hub join without a code; absent: the server knows no Hub. */
  hub: Type.Optional(HubDoor),
  /** Students are shown where the class is, next to their own progress (SPEC TLK-8). */
  showBand: Type.Boolean(),
  /** Since when it is put away: nothing of it can be changed (SPEC CLA-2). */
  archivedAt: Type.Optional(Ms),
  /** When it will be deleted for good, unless somebody brings it back until then (SPEC CLA-3). */
  deletesAt: Type.Optional(Ms),
  /** The lesson in progress, the last one before, and when the timetable begins the next. */
  lesson: Type.Optional(Lesson),
  lastLesson: Type.Optional(Lesson),
  nextLesson: Type.Optional(Ms),
})
export type ClassInfo = Static<typeof ClassInfo>

export const ClassList = Type.Object({ classes: Type.Array(ClassInfo) })
export type ClassList = Static<typeof ClassList>

/** `POST /api/v2/classes`. */
export const NewClass = Type.Object({ name: Name, level: Type.Optional(Level) })
export type NewClass = Static<typeof NewClass>

/** Days for which a class that was deleted can be brought back. */
export const DELETION_DAYS = 7

/** `POST /api/v2/classes/{class}/copy` (SPEC CLA-1): `roster` takes along who is in it, none of what they did. */
export const ClassCopy = Type.Object({ name: Name, roster: Type.Optional(Type.Boolean()) })
export type ClassCopy = Static<typeof ClassCopy>

/**
 * `PATCH /api/v2/classes/{class}`; `ended` true closes it for new events, false opens it again; `archived` true puts it away, false
 * brings it back, also from deletion.
 */
export const ClassEdit = Type.Object({
  archived: Type.Optional(Type.Boolean()),
  name: Type.Optional(Name),
  level: Type.Optional(Level),
  ended: Type.Optional(Type.Boolean()),
  retentionDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3650 })),
  hub: Type.Optional(HubDoor),
  showBand: Type.Optional(Type.Boolean()),
})
export type ClassEdit = Static<typeof ClassEdit>

/** `GET /api/v2/classes/{class}/state` (SPEC STA-4). */
export const StateAnswer = Type.Object({
  offset: Type.Integer({ minimum: 0 }),
  hash: Type.String(),
  at: Ms,
  ...ClassState.properties,
})
export type StateAnswer = Static<typeof StateAnswer>

/** `GET /api/v2/classes/{class}/events?after=&limit=` → `{events, next}`; `next` is what to pass as `after` next (SPEC LOG-4). */
export const EventsQuery = Type.Object({
  after: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 1000 })),
})

/** What the server offers to install. */
export const ExtensionInfo = Type.Object({
  state: Type.Union([
    Type.Literal('ready'),
    Type.Literal('building'),
    Type.Literal('unavailable'),
    Type.Literal('failed'),
  ]),
  /** File name of the wheel, when ready: `/extension/{wheel}`. */
  wheel: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
})
export type ExtensionInfo = Static<typeof ExtensionInfo>
