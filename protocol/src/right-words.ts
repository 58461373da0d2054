import type { ClassRole, Right } from './rights.ts'

// Apart from the table, so that a page which only looks rights up carries no sentences.

/** What each role is. */
export const CLASS_ROLES: Readonly<Record<ClassRole, string>> = {
  admin: 'Administers the server, and so every class.',
  instructor: 'Leads the class: sees everything in it and decides how it is run.',
  assistant: 'Sees the students and helps them, begins and ends lessons; changes nothing else and takes nothing out.',
  observer: 'Sees how the class as a whole is doing, and no student.',
  researcher: 'Takes out what students have agreed to, under pseudonyms; sees no student.',
  student: 'Adds own events, and reads what is meant for every student.',
}

/** What each right allows. */
export const RIGHT_WORDS: Readonly<Record<Right, string>> = {
  'classes.make': 'Make classes. It goes with the account, not with a role in a class.',
  'class.see': 'See the class: its name, its collection level, when it began and ended, how many joined.',
  'class.edit': 'Change the class: name, collection level, rules, timetable; end, archive and delete it.',
  'aggregates.see': 'See how the class as a whole is doing, without groups of fewer than five.',
  'students.see': 'See live what each student does, under pseudonymous ids.',
  'code.see':
    "Read one student's events at a time: code, error messages and outputs; note something about the student.",
  'log.read': 'Read, and so take out, the events of the whole class: all code of everybody.',
  'help.answer': 'See open help requests, go there and close them; write to students.',
  'lessons.run': 'Begin and end lessons, and say what they are about.',
  'roster.see': 'See who is behind the pseudonymous ids.',
  'roster.edit': 'Add and change students, and take away what they sign in with.',
  'codes.see': 'See the join codes that are for everyone.',
  'codes.manage': 'Make and withdraw join codes, and see those that belong to one student.',
  'staff.manage': 'See who of the staff has which role in the class, give roles and take them away.',
  'research.export': 'Take out what students agreed to, under pseudonyms.',
  'system.see': 'Watch the server itself.',
  'student.erase': 'Erase a student, for good.',
  'own.read': 'Read, take along and erase what is the own.',
  'own.append': 'Append own events.',
}
