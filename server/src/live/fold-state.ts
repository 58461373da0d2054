import {
  emptyState,
  type ClassState,
  type ErrorStreak,
  type MessageState,
  type StoredEvent,
  type StudentState,
} from '@lectern/protocol'
import type { MessageNews, SaidMessage } from './live.ts'
import type { ClassRulesState } from './rules.ts'
import { nothingSettled, type Settled } from '../store/settled.ts'

/** Where an event stands in its student's own order (SPEC STA-5). */
export interface Place {
  install: string
  seq: number
  time: number
}

/** What the fold remembers of one student in one cell; not part of what readers see. */
export interface CellMemory {
  last: Place
  status: 'ok' | 'error' | 'unknown'
  /** Errors in a row up to the last run. */
  streak?: ErrorStreak
  /** Runs, and those of them that failed, in whatever order they were heard of. */
  tries: number
  failures: number
  /** Times (ms) of the first run, and of the first that succeeded. */
  firstAt: number
  doneAt?: number
}

/** The cells of a notebook in the order in which they were heard of. `at`: offset at which they changed last. */
export interface Columns {
  at: number
  cells: string[]
}

/** What the fold remembers of one message to a student; `answered`: where the answer stands in the student's own order. */
export interface OwnMessageMemory {
  state: MessageState
  answered?: Place
}

/** A message, and how many students have it. */
export interface Said extends SaidMessage {
  readers: number
}

/** A request for help that ended. `by`: who closed it; `claimed`: who went there last. */
export interface HelpEnd {
  student: string
  since: number
  until: number
  isResolved: boolean
  by?: string
  claimed?: { by: string; since: number }
}

/** What the fold remembers of one student; not part of what readers see. */
export interface StudentMemory {
  installs: Map<string, Settled>
  cells: Map<string, CellMemory>
  /** Offset at which `cells` changed last. */
  cellsAt: number
  /** Newest event that moved the student's place, session, kernel, run or help. */
  seen: Partial<Record<'place' | 'session' | 'kernel' | 'focus' | 'help', Place>>
  /** Minutes in which the student counted as present, in the order in which they were heard of. */
  minutes: number[]
  /** Messages to the student that are not withdrawn, by id, the newest last. */
  messages: Map<string, OwnMessageMemory>
}

/** State of a fold: what readers see, and what it takes to go on. */
export interface FoldState {
  offset: number
  /** Rules of attention in force at this offset (SPEC STA-9, STA-11). */
  rules: ClassRulesState
  /** Experiment that chose them, if one did. */
  experiment?: string
  view: ClassState
  memory: Map<string, StudentMemory>
  /** By notebook. */
  columns: Map<string, Columns>
  /** Every message that a student has. */
  said: Map<string, Said>
  /** Requests for help that ended, the newest last. */
  helpEnds: HelpEnd[]
}

/** Collections of the view. */
export type Collection = keyof ClassState

/** What one step of the fold works on. `touch` marks an entry of the view as changed or removed. */
export interface Step {
  state: FoldState
  event: StoredEvent
  student: StudentState
  memory: StudentMemory
  touch: (collection: Collection, key: string) => void
  /** Has the sockets of a student told of a message. */
  tell: (student: string, news: MessageNews) => void
}

/** A step for which it does not matter whether the student ever did anything. */
export type MessageStep = Omit<Step, 'student'>

/** State before the first event. */
export function emptyFold(): FoldState {
  return {
    offset: 0,
    rules: { rules: 'standard' },
    view: emptyState(),
    memory: new Map(),
    columns: new Map(),
    said: new Map(),
    helpEnds: [],
  }
}

/** A student who has not been heard of. */
export function newMemory(): StudentMemory {
  return { installs: new Map(), cells: new Map(), cellsAt: 0, seen: {}, minutes: [], messages: new Map() }
}

/** State of sequence numbers of an install of the student. */
export function settledOf(memory: StudentMemory, install: string): Settled {
  let settled = memory.installs.get(install)
  if (!settled) memory.installs.set(install, (settled = nothingSettled()))
  return settled
}

/** Place of an event. */
export function placeOf({ install, seq, time }: StoredEvent): Place {
  return { install, seq, time }
}

/** True if an event comes after `last` in the student's own order: by number within an install, by time across installs. */
export function isLater(event: StoredEvent, last: Place | undefined): boolean {
  if (!last) return true
  return event.install === last.install ? event.seq > last.seq : event.time >= last.time
}

/** Moves one of the student's marks to this event; false if a later one moved it already. */
export function advance({ memory, event }: Step, mark: keyof StudentMemory['seen']): boolean {
  if (!isLater(event, memory.seen[mark])) return false
  memory.seen[mark] = placeOf(event)
  return true
}
