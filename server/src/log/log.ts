import type {
  CellRef,
  CollectionLevel,
  EventType,
  HelpFigures,
  NotebookRef,
  OwnProgress,
  RunnerInfo,
} from '@lectern/protocol'
import type { HelpNotice, KeptMessage, Notices, OpenRequest, RulesInForce } from '../live/live.ts'
import type { InnerStart } from '../services/inner.ts'
import type { ServiceHealth } from '../services/part.ts'

/** The file of a log. `synchronous: 'OFF'` gives up durability: for negative controls alone. */
export interface LogFile {
  file: string
  synchronous?: 'FULL' | 'OFF'
}

/** One batch as it came in: bytes of `{"events":[…],"sentAt"?}` (an `events` frame has more members, which are passed over). */
export interface Submission {
  class: string
  student: string
  /** Install that the token was given to: `ackedThrough` speaks of it. */
  install: string
  /** What is kept of it; undefined: nothing but requests for help (SPEC CON-1). */
  level: CollectionLevel | undefined
  bytes: Uint8Array
  /** Told of the batch's way, when it is traced. */
  trace?: BatchTrace | undefined
}

/** What the log thread did with a group. `at`: when it began, ms since the epoch; durations in ms. */
export interface GroupTimes {
  at: number
  parseMs: number
  commitMs: number
  events: number
  batches: number
}

/** Told how one batch goes through the log, in this order. `at` in ms since the epoch. */
export interface BatchTrace {
  /** It left the queue for the log thread. */
  sent(): void
  stored(times: GroupTimes): void
  folded(times: { at: number; ms: number }): void
  /** A frame that shows what the batch changed went to the readers of the class. */
  framed(frame: FrameTimes): void
}

/** When a frame was handed to the readers of its class, how long that took in ms, and what it covers. */
export interface FrameTimes {
  at: number
  ms: number
  from: number
  to: number
}

/** One commit: how many events were stored, how long it took in ms, and the batches that it came from. */
export interface GroupReport {
  events: number
  parseMs: number
  commitMs: number
  submissions: readonly Submission[]
}

/** An event that the server itself writes, e.g. `help_resolved`. Ids, sequence and times are given by the log. */
export interface ServerEvent {
  class: string
  /** Empty for an event that concerns the whole class. */
  student: string
  type: EventType
  data: Record<string, unknown>
  /** Where it belongs, if anywhere. */
  notebook?: NotebookRef | undefined
  cell?: CellRef | undefined
}

/** Who goes to a student. `over`: in the stead of whoever does already. */
export interface Claim {
  class: string
  student: string
  by: string
  over: boolean
}

/** What became of it: `by` goes now; another does, by id; there is no open request. */
export type ClaimOutcome = { is: 'claimed' } | { is: 'held'; by: string } | { is: 'closed' }

/** Changes of one class, made once for all readers: the whole `changes` frame as JSON text bytes. */
export interface LiveFrame extends Notices {
  class: string
  from: number
  to: number
  bytes: Uint8Array
}

/** What changed in a matrix (SPEC MTX-1). */
export interface MatrixFrame {
  /** Tells folds of a class apart: one that was folded anew has no changes since the one before. */
  fold: number
  to: number
  /** The whole `matrix` frame as JSON text; undefined when nothing changed. */
  bytes?: Uint8Array
}

/** Counts since start. received = stored + duplicate + refused, at every commit (SPEC ING-6). */
export interface LogCounts {
  received: number
  stored: number
  duplicate: number
  refused: number
  conflicts: number
  groups: number
  queueBytes: number
  /** Events committed and not yet folded. */
  foldLag: number
  /** Milliseconds of the last groups: parse + check, commit, fold. */
  lastGroup: { events: number; parseMs: number; commitMs: number; foldMs: number }
}

/**
 * The main thread's face of the log thread, which owns parsing, checking, the store and the folds.
 * Every method may reject with `storage_unavailable`, `overloaded` (queue full by bytes, with retryAfter) or `shutting_down`.
 */
export interface Log {
  /**
   * Queues one batch; resolves after the durable commit with the bytes of `"results":[…],"ackedThrough":N`
   * (no braces, so that HTTP and sockets wrap them without parsing).
   * Rejects with `bad_json`, `too_deep`, `too_many_keys`, `bad_request`, `too_many_events` for the batch as a whole.
   */
  submit(submission: Submission): Promise<Uint8Array>
  /** Appends events of the server's own; resolves after the commit. */
  append(events: ServerEvent[]): Promise<void>
  /** JSON bytes of the whole `StateAnswer` (SPEC STA-4). */
  state(classId: string): Promise<Uint8Array>
  /** JSON bytes of the `ClassSummary` (SPEC AGG-1). */
  summary(classId: string): Promise<Uint8Array>
  /** JSON bytes of the `ClassCounts` (SPEC AGG-3). */
  classCounts(classId: string): Promise<Uint8Array>
  /** JSON bytes of a whole `snapshot` or `changes` frame for a reader who holds `since` (SPEC SUB-3). */
  difference(classId: string, since?: number): Promise<{ to: number; bytes: Uint8Array }>
  /** JSON bytes of `{"events":[…],"next":N}` (SPEC LOG-4). */
  events(classId: string, after: number, limit: number): Promise<Uint8Array>
  /** The same, of one student alone. */
  studentEvents(classId: string, student: string, page: { after: number; limit: number }): Promise<Uint8Array>
  /** Open help request of one student. */
  help(classId: string, student: string): Promise<HelpNotice>
  /** Says who goes to a student; of two who do at the same time, one is told of the other (SPEC TLK-6). */
  claim(claim: Claim): Promise<ClaimOutcome>
  /** Messages to one student that are not withdrawn, the newest last. */
  messages(classId: string, student: string): Promise<KeptMessage[]>
  /** Students to whom the state shows a message; undefined when it shows none of that id. */
  messageStudents(classId: string, message: string): Promise<string[] | undefined>
  /** Students of an error group now; undefined when there is none. */
  errorStudents(classId: string, group: string): Promise<string[] | undefined>
  /** Who has an open request for help, and on which error. */
  requests(classId: string): Promise<OpenRequest[]>
  /** How help was given in the requests that ended from then (ms) on. */
  helpFigures(classId: string, from: number): Promise<HelpFigures>
  /** One student's own progress; with `band`, where the class is. */
  progress(classId: string, student: string, band: boolean): Promise<OwnProgress>
  /** Last offset of every class with events. */
  tops(): Promise<Map<string, number>>
  /** The set of attention rules in force in the class. */
  rules(classId: string): Promise<RulesInForce>
  /** JSON bytes of a whole `helpQueue` frame: every open request of the class (SPEC SUB-8). */
  helpQueue(classId: string): Promise<Uint8Array>
  /** How far each student is with the cells of a notebook: all rows, or those that changed since another frame ended. */
  matrix(classId: string, notebook: string, since?: Pick<MatrixFrame, 'fold' | 'to'>): Promise<MatrixFrame>
  /** Time (ms) of the first event of the class; undefined while there is none. */
  firstEventAt(classId: string): Promise<number | undefined>
  /** Called with every new frame, at most once a class in 100 ms. Returns how to stop. */
  onFrame(listener: (frame: LiveFrame) => void): () => void
  /** Called after every commit. Returns how to stop. */
  onGroup(listener: (report: GroupReport) => void): () => void
  counts(): LogCounts
  /**
   * Empties every event of a student whose key was destroyed, and folds the class anew without them; readers are given the new
   * state. Returns how many events there were (SPEC PRI-3).
   */
  erase(classId: string, student: string): Promise<number>
  /** Removes everything of a class. */
  eraseClass(classId: string): Promise<void>
  /** The keeping of folded states, as a follower of the log; its lag counts events that no kept state covers. */
  checkpoints(): Promise<RunnerInfo>
  /** When each service of the thread began to start. */
  readonly starts: readonly InnerStart[]
  /** How each service of the thread is; the store is not well when a write would not succeed now. */
  health(): Promise<ServiceHealth[]>
  /** Commits what is queued, checkpoints, ends the thread. */
  close(): Promise<void>
}
