import type { ClientMessage } from './messages.ts'

/** Roles that a member of staff can have in a class, from the most to the fewest rights. */
export const CLASS_STAFF_ROLES = ['instructor', 'assistant', 'observer', 'researcher'] as const

/** Role of a member of staff in one class. */
export type ClassStaffRole = (typeof CLASS_STAFF_ROLES)[number]

/** What somebody is in one class. Administrators are so in every class. */
export type ClassRole = ClassStaffRole | 'student' | 'admin'

const INSTRUCTORS = ['admin', 'instructor'] as const
const TEACHERS = [...INSTRUCTORS, 'assistant'] as const

/**
 * The closed table of rights: who has each (SPEC AUT-20); `RIGHT_WORDS` says what it allows. Administrators have all but those
 * of students alone. Routes and socket messages name what they need; `docs/rights.md` and what the dashboard
 * shows come from it. A right that nothing needs fails a test.
 */
export const RIGHTS = {
  'classes.make': INSTRUCTORS,
  'class.see': [...TEACHERS, 'observer', 'researcher'],
  'class.edit': INSTRUCTORS,
  'aggregates.see': [...TEACHERS, 'observer', 'student'],
  'students.see': TEACHERS,
  'code.see': TEACHERS,
  'log.read': INSTRUCTORS,
  'help.answer': TEACHERS,
  'lessons.run': TEACHERS,
  'roster.see': TEACHERS,
  'roster.edit': INSTRUCTORS,
  'codes.see': TEACHERS,
  'codes.manage': INSTRUCTORS,
  'staff.manage': INSTRUCTORS,
  'research.export': ['admin', 'researcher'],
  'system.see': ['admin'],
  'student.erase': INSTRUCTORS,
  'own.read': ['student'],
  'own.append': ['student'],
} as const satisfies Record<string, readonly ClassRole[]>

/** A right of the table. */
export type Right = keyof typeof RIGHTS

/** True if the role has the right. */
export function roleMay(role: ClassRole, right: Right): boolean {
  return RIGHTS[right].some((one) => one === role)
}

/** A message of a client as the rights know it: its kind, and its topic where it has one. */
export type SocketMessage =
  | Exclude<ClientMessage['kind'], 'watch' | 'unwatch'>
  | `watch ${Extract<ClientMessage, { kind: 'watch' }>['topic']}`
  | `unwatch ${Extract<ClientMessage, { kind: 'unwatch' }>['topic']}`

/** What each message on a socket needs (SPEC AUT-20); `undefined`: it gives nothing that had to be allowed. */
export const SOCKET_NEEDS = {
  hello: undefined,
  ping: undefined,
  events: 'own.append',
  subscribe: 'students.see',
  unsubscribe: undefined,
  'watch help': 'help.answer',
  'unwatch help': undefined,
  'watch matrix': 'students.see',
  'unwatch matrix': undefined,
  'watch system': 'system.see',
  'unwatch system': undefined,
} as const satisfies Readonly<Record<SocketMessage, Right | undefined>>
