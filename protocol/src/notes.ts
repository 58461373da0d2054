import { Type, type Static } from 'typebox'
import { CellRef } from './events.ts'
import { LIMITS } from './limits.ts'

const Ms = Type.Integer({ minimum: 0 })
const Text = Type.String({ minLength: 1, maxLength: LIMITS.helpMessageChars, pattern: '\\S' })

/** What a member of staff noted about a student (SPEC NTE-1). `by`: id of who wrote it; absent for a script. */
export const StudentNote = Type.Object({
  id: Type.String(),
  at: Ms,
  by: Type.Optional(Type.String()),
  text: Type.String({ maxLength: LIMITS.helpMessageChars }),
})
export type StudentNote = Static<typeof StudentNote>

/** `GET …/students/{student}/notes`: the newest first. */
export const StudentNotes = Type.Object({ notes: Type.Array(StudentNote) })
export type StudentNotes = Static<typeof StudentNotes>

/** `POST …/students/{student}/notes`. */
export const NewNote = Type.Object({ text: Text })
export type NewNote = Static<typeof NewNote>

/** A notebook as it was handed out: its cells with what stands in them (SPEC HND-1). */
export const Handout = Type.Object({
  notebook: Type.String({ minLength: 1, maxLength: LIMITS.notebookChars }),
  cells: Type.Array(Type.Object({ ...CellRef.properties, source: Type.String({ maxLength: LIMITS.eventBytes }) }), {
    maxItems: 2000,
  }),
})
export type Handout = Static<typeof Handout>

/** Which notebook's hand-out. */
export const HandoutQuery = Type.Pick(Handout, ['notebook'])
export type HandoutQuery = Static<typeof HandoutQuery>

/** `GET …/handout?notebook=`. */
export const HandoutAnswer = Type.Object({ ...Handout.properties, at: Ms })
export type HandoutAnswer = Static<typeof HandoutAnswer>
