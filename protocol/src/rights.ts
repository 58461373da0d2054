import type { ClientMessage } from './messages.ts'

/** Roles that a member of staff can have in a class, from the most to the fewest rights. */
export const CLASS_STAFF_ROLES = ['instructor', 'assistant', 'observer', 'researcher'] as const

/** Role of a member of staff in one class. */
export type ClassStaffRole = (typeof CLASS_STAFF_ROLES)[number]

/** What somebody is in one class. Administrators are so in every class. */
export type ClassRole = ClassStaffRole | 'student' | 'admin'

/** What each role is, in a sentence. */
export const CLASS_ROLES: Readonly<Record<ClassRole, string>> = {
  admin: 'Administers the server, and so every class.',
  instructor: 'Leads the class: sees everything in it and decides how it is run.',
  assistant: 'Sees the students and helps them; changes nothing and takes nothing out.',
  observer: 'Sees how the class as a whole is doing, and no student.',
  researcher: 'Takes out what students have agreed to, under pseudonyms; sees no student.',
  student: 'Adds own events, and reads what is meant for every student.',
}

/** A right: what it allows, and who has it. Administrators have all but those of students alone. */
interface RightEntry {
  readonly means: string
  readonly roles: readonly ClassRole[]
}

const INSTRUCTORS = ['admin', 'instructor'] as const
const TEACHERS = [...INSTRUCTORS, 'assistant'] as const

/**
 * The closed table of rights (SPEC AUT-20). Routes and socket messages name what they need of it; `docs/rights.md` and what
 * the dashboard shows come from it. One that nothing needs fails a test.
 */
export const RIGHTS = {
  'classes.make': {
    means: 'Make classes. It goes with the account, not with a role in a class.',
    roles: INSTRUCTORS,
  },
  'class.see': {
    means: 'See the class: its name, its collection level, when it began and ended, how many joined.',
    roles: [...TEACHERS, 'observer', 'researcher'],
  },
  'class.edit': { means: 'Rename the class, change its collection level, end it.', roles: INSTRUCTORS },
  'aggregates.see': {
    means: 'See how the class as a whole is doing, without groups of fewer than five.',
    roles: [...TEACHERS, 'observer', 'student'],
  },
  'students.see': { means: 'See live what each student does, under pseudonymous ids.', roles: TEACHERS },
  'code.see': { means: "Read students' events: code, error messages and outputs.", roles: TEACHERS },
  'help.answer': { means: 'See open help requests and close them.', roles: TEACHERS },
  'roster.see': { means: 'See who is behind the pseudonymous ids.', roles: TEACHERS },
  'roster.edit': { means: 'Add students, and take away what they sign in with.', roles: INSTRUCTORS },
  'codes.see': { means: 'See the join codes that are for everyone.', roles: TEACHERS },
  'codes.manage': {
    means: 'Make and withdraw join codes, and see those that belong to one student.',
    roles: INSTRUCTORS,
  },
  'staff.manage': {
    means: 'See who of the staff has which role in the class, give roles and take them away.',
    roles: INSTRUCTORS,
  },
  'research.export': {
    means: 'Take out what students agreed to, under pseudonyms.',
    roles: ['admin', 'researcher'],
  },
  'system.see': { means: 'Watch the server itself.', roles: ['admin'] },
  'student.erase': { means: 'Erase a student, for good.', roles: INSTRUCTORS },
  'own.read': { means: 'Read, take along and erase what is the own.', roles: ['student'] },
  'own.append': { means: 'Append own events.', roles: ['student'] },
} as const satisfies Record<string, RightEntry>

/** A right of the table. */
export type Right = keyof typeof RIGHTS

/** True if the role has the right. */
export function roleMay(role: ClassRole, right: Right): boolean {
  return RIGHTS[right].roles.some((one) => one === role)
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
  'watch system': 'system.see',
  'unwatch system': undefined,
} as const satisfies Readonly<Record<SocketMessage, Right | undefined>>
