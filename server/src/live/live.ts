import type {
  CellRef,
  ClassState,
  HelpRequest,
  HelpFigures,
  MessageKind,
  MessageState,
  NotebookRef,
  OwnProgress,
  Patch,
  StoredEvent,
  StudentState,
} from '@lectern/protocol'
import type { MatrixRows } from './matrix.ts'
import type { ClassRulesState } from './rules.ts'

/** Patches, in order, that take any state between `from` and `to` to `to` (SPEC STA-3). */
export interface Changes {
  from: number
  to: number
  changes: Patch[]
}

/**
 * How a student's help request stands, for the student's own sockets. `since` in ms when open; `place` in the queue, from 1, or
 * `coming`, the id of who goes there (SPEC TLK-7).
 */
export interface HelpNotice {
  student: string
  open: boolean
  since?: number
  place?: number
  coming?: string
}

/** Who asked for help, and on which error. */
export interface OpenRequest {
  student: string
  group?: string
}

/** A message to students as it was sent. `by`: id of the member of staff, or `script`. */
export interface SaidMessage {
  id: string
  at: number
  by: string
  kind: MessageKind
  text: string
  notebook?: NotebookRef
  cell?: CellRef
  request?: string
  group?: string
  everyone?: true
}

/** A message came, or is withdrawn. */
export type MessageNews = { sent: SaidMessage } | { withdrawn: string }

/** The same for the sockets of all whom it concerns. */
export interface MessageNotice {
  news: MessageNews
  students: string[]
}

/** A message to a student with what the student made of it. */
export interface KeptMessage extends SaidMessage {
  state: MessageState
}

/** What there is to tell students on their own sockets. */
export interface Notices {
  help: HelpNotice[]
  messages: MessageNotice[]
}

/** The rules in force; `experiment` when one chose them. */
export interface RulesInForce extends ClassRulesState {
  experiment?: string
}

/**
 * The fold of one class: follows its log in offset order and holds the state at the last offset applied.
 * Deterministic: no clock, no randomness, no I/O. Owned by one thread.
 */
export interface ClassFold {
  readonly offset: number
  /** Applies events whose offsets follow `offset` without a gap. Throws RangeError on a gap or repeat. */
  apply(events: readonly StoredEvent[]): void
  /** What changed since the last flush, also added to the ring of recent changes; undefined if nothing did. */
  flush(): (Changes & Notices) | undefined
  /** The difference from `since` to the last flush, or undefined when only a snapshot will do (SPEC SUB-3). */
  since(offset: number): Changes | undefined
  /** Forgets recent changes: who holds an older offset gets a snapshot. */
  forgetRecent(): void
  /** The state at the last flush (`offset` of `flushed`): what readers hold. */
  snapshot(): { offset: number; state: ClassState }
  /** The set of rules in force, and the experiment that chose it (SPEC STA-9). */
  rules(): RulesInForce
  /**
   * A student at `offset`, flushed or not, without `attention`: for who asks after each event, which flushing would make dear.
   * The objects are the fold's own and change with the next event.
   */
  peek(student: string): { student: StudentState; help: HelpRequest | undefined } | undefined
  /** Open help request of a student, if any. */
  help(student: string): HelpNotice
  /**
   * How far each student is with the cells of a notebook, at `offset`: all, or those who moved after `since`; undefined when
   * nobody did (SPEC MTX-1).
   */
  matrix(notebook: string, since?: number): MatrixRows | undefined
  /** Students with an open request, with the error group that it is about if any. */
  requests(): OpenRequest[]
  /** How help was given in the requests that ended from then (ms) on. */
  helpFigures(from: number): HelpFigures
  /** Students to whom the state shows this message; undefined where it shows none. */
  messageStudents(message: string): string[] | undefined
  /** Students of an error group; undefined where there is none. */
  errorStudents(group: string): string[] | undefined
  /** All open requests, as their students are told of them. */
  helpNotices(): HelpNotice[]
  /** Messages to a student that are not withdrawn, the newest last. */
  messages(student: string): KeptMessage[]
  /** A student's own progress; with `band`, where the class is (SPEC TLK-8). */
  progress(student: string, band: boolean): OwnProgress
  /** Everything needed to go on folding, as bytes; see `restoreFold`. Throws RangeError when something was not flushed. */
  checkpoint(): { offset: number; state: Uint8Array }
}
