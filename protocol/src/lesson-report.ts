import { Type, type Static } from 'typebox'
import { CellRef, NotebookRef } from './events.ts'
import { JobState } from './system.ts'

const Ms = Type.Integer({ minimum: 0 })
const Count = Type.Integer({ minimum: 0 })
const Id = Type.String()

/** One student who was there. `minutes`: those in which anything was done; `done`: cells whose last run succeeded. */
const Attendance = Type.Object({
  student: Id,
  from: Ms,
  to: Ms,
  minutes: Count,
  executions: Count,
  failures: Count,
  done: Count,
})

/**
 * One cell. A student's time in it runs from the first run to the first that succeeded (`doneMs`, `doneTries`), or to the last one
 * when none did (`spentMs` counts both). Medians over students.
 */
const CellReport = Type.Object({
  cell: CellRef,
  reached: Count,
  done: Count,
  failing: Count,
  tries: Count,
  spentMs: Ms,
  doneMs: Type.Optional(Ms),
  doneTries: Type.Optional(Type.Number({ minimum: 1 })),
})

/** One mistake that students share in a cell; `failing` are those whose last run there still ends in it. */
const ErrorReport = Type.Object({
  group: Id,
  name: Type.String(),
  message: Type.Optional(Type.String()),
  notebook: NotebookRef,
  cell: CellRef,
  total: Count,
  students: Type.Array(Id),
  failing: Type.Array(Id),
  firstAt: Ms,
  lastAt: Ms,
})

/** How help was asked for and given. Waiting: from the request to its end, of those that ended. */
const HelpReport = Type.Object({
  requests: Count,
  resolved: Count,
  withdrawn: Count,
  open: Count,
  waitMedianMs: Type.Optional(Ms),
  waitMostMs: Type.Optional(Ms),
  /**
   * By member of staff: requests that they went to and that they closed; how long those waited for them (median, of those they
   * went to), and how long they were there (sum, ms).
   */
  by: Type.Array(
    Type.Object({
      user: Id,
      resolved: Count,
      claimed: Count,
      waitMedianMs: Type.Optional(Ms),
      helpingMs: Ms,
    }),
  ),
})

/** What happened in one lesson: everything between `from` and `to`, in the log up to `offset`. Times in ms. */
export const LessonReport = Type.Object({
  class: Id,
  offset: Count,
  from: Ms,
  to: Ms,
  /** By when they came. */
  attendance: Type.Array(Attendance),
  /** Students of the class who share and did nothing in this time. */
  absent: Type.Array(Id),
  /** Students who do not share now: nothing else is said of them. */
  notSharing: Type.Array(Id),
  /** In the order of the cells. */
  notebooks: Type.Array(Type.Object({ notebook: NotebookRef, cells: Type.Array(CellReport) })),
  /** Where students spent the most time, the longest first. */
  slowest: Type.Array(Type.Object({ notebook: Id, cell: Id, spentMs: Ms })),
  /** The most frequent first, at most 200; `errorGroups` counts all. */
  errors: Type.Array(ErrorReport),
  errorGroups: Count,
  help: HelpReport,
  /** Minutes (since the epoch) in which anything was done. */
  activity: Type.Array(
    Type.Object({ minute: Count, executions: Count, failures: Count, help: Count, students: Count }),
  ),
})
export type LessonReport = Static<typeof LessonReport>

/** `POST /api/v2/classes/{class}/reports`: without `from`, the last lesson that began before `to`. */
export const NewLessonReport = Type.Object({ from: Type.Optional(Ms), to: Type.Optional(Ms) }, { default: {} })
export type NewLessonReport = Static<typeof NewLessonReport>

/** A report that is being made, or was. `from` and `to` are those of the report once it is done. */
export const LessonReportInfo = Type.Object({
  id: Count,
  state: JobState,
  createdAt: Ms,
  from: Type.Optional(Ms),
  to: Type.Optional(Ms),
  /** Students who were there, once it is done. */
  students: Type.Optional(Count),
  progress: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  /** Why it could not be made. */
  reason: Type.Optional(Type.String()),
})
export type LessonReportInfo = Static<typeof LessonReportInfo>

/** `GET /api/v2/classes/{class}/reports`: the newest first. */
export const LessonReportList = Type.Object({ reports: Type.Array(LessonReportInfo) })
export type LessonReportList = Static<typeof LessonReportList>

/** `GET /api/v2/classes/{class}/reports/{report}`: the report itself once it is done. */
export const LessonReportAnswer = Type.Object({ info: LessonReportInfo, report: Type.Optional(LessonReport) })
export type LessonReportAnswer = Static<typeof LessonReportAnswer>
