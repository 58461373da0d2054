import type { ClassMessage, MessageState } from '@lectern/protocol'

/** How far a message has come with students, what needs most to be seen first. */
export const OUTCOMES = ['applied', 'later', 'declined', 'seen', 'sent'] as const satisfies readonly MessageState[]

/** Students by how far the message has come with them. */
export type Outcomes = Readonly<Record<MessageState, readonly string[]>>

/** Sorts the students of a message by what they made of it. */
export function outcomesOf({ students }: ClassMessage): Outcomes {
  const by: Record<MessageState, string[]> = { applied: [], later: [], declined: [], seen: [], sent: [] }
  for (const [student, state] of Object.entries(students)) by[state].push(student)
  return by
}

/** To whom a message went: all, one error group, or those it names. */
export type Audience =
  | { readonly is: 'everyone' }
  | { readonly is: 'group'; readonly key: string }
  | { readonly is: 'students'; readonly students: readonly string[] }

/** Reads it off the message. */
export function audienceOf({ everyone, group, students }: ClassMessage): Audience {
  if (everyone) return { is: 'everyone' }
  return group === undefined ? { is: 'students', students: Object.keys(students) } : { is: 'group', key: group }
}
