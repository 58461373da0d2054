import { Type, type Static } from 'typebox'
import { LIMITS } from './limits.ts'

const Ms = Type.Integer({ minimum: 0 })
const Id = Type.String()
const Title = Type.String({ maxLength: LIMITS.nameChars })
const Notebooks = Type.Array(Type.String({ minLength: 1, maxLength: LIMITS.notebookChars }), { maxItems: 50 })

/** How long a lesson lasts at most, whoever forgets to end it. */
export const LONGEST_LESSON_MS = 12 * 3_600_000

/**
 * One lesson of a class (SPEC LES-1). Without `to` it is in progress, and ends by itself at `until`. `by` and `endedBy`: ids of the
 * staff; absent where the timetable or the clock did it.
 */
export const Lesson = Type.Object({
  id: Id,
  from: Ms,
  to: Type.Optional(Ms),
  until: Ms,
  by: Type.Optional(Id),
  endedBy: Type.Optional(Id),
  /** True for a lesson of the timetable. */
  planned: Type.Boolean(),
  title: Type.Optional(Title),
  /** Notebooks that the staff named for it, as they are called. */
  notebooks: Notebooks,
})
export type Lesson = Static<typeof Lesson>

/** `GET /api/v2/classes/{class}/lessons?before=&limit=`: the newest first; `next` goes on from there. */
export const LessonList = Type.Object({ lessons: Type.Array(Lesson), next: Type.Optional(Ms) })
export type LessonList = Static<typeof LessonList>

/** Lessons that began before `before` (ms). */
export const LessonsQuery = Type.Object({
  before: Type.Optional(Ms),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
})
export type LessonsQuery = Static<typeof LessonsQuery>

/** `POST …/lessons`: begins one now; it ends at `until` at the latest. */
export const NewLesson = Type.Object(
  { title: Type.Optional(Title), notebooks: Type.Optional(Notebooks), until: Type.Optional(Ms) },
  { default: {} },
)
export type NewLesson = Static<typeof NewLesson>

/** `PATCH …/lessons/{lesson}`: `ended` true ends it now, false goes on with one that was ended too early. */
export const LessonEdit = Type.Object({
  title: Type.Optional(Title),
  notebooks: Type.Optional(Notebooks),
  until: Type.Optional(Ms),
  ended: Type.Optional(Type.Boolean()),
})
export type LessonEdit = Static<typeof LessonEdit>

/** `GET …/lessons/{lesson}`: by pseudonymous ids who was there and who was not, of those who share (SPEC LES-3). */
export const LessonDetails = Type.Object({
  lesson: Lesson,
  there: Type.Array(Id),
  absent: Type.Array(Id),
  notSharing: Type.Array(Id),
  /** Ids of the notebooks in which cells were run that had not been run before. */
  seen: Type.Array(Type.String()),
})
export type LessonDetails = Static<typeof LessonDetails>

/** Time of day by the wall clock of the class, `00:00` to `24:00`. */
const TimeOfDay = Type.String({ pattern: '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$' })

/** One hour of the week. `weekday`: 1 is Monday, 7 Sunday. It ends on the day on which it begins. */
export const Slot = Type.Object({
  weekday: Type.Integer({ minimum: 1, maximum: 7 }),
  begins: TimeOfDay,
  ends: TimeOfDay,
})
export type Slot = Static<typeof Slot>

/** `PUT …/timetable`. `zone`: a name of the time zone database, such as `Asia/Tokyo` (SPEC LES-2). */
export const Timetable = Type.Object({
  zone: Type.String({ minLength: 1, maxLength: 64 }),
  slots: Type.Array(Slot, { maxItems: 50 }),
})
export type Timetable = Static<typeof Timetable>

/** `GET …/timetable`. `next`: when the next lesson of it begins, ms. */
export const TimetableAnswer = Type.Object({ ...Timetable.properties, next: Type.Optional(Ms) })
export type TimetableAnswer = Static<typeof TimetableAnswer>
