import type { EventResult, EventType, StoredEvent } from '@lectern/protocol'
import type { VaultFiles } from '../keys/vault.ts'

/** An event on its way into the log: checked, reduced to the collection level, not yet given an offset. */
export type NewEvent = Omit<StoredEvent, 'offset'> & { class: string }

/** A sequence number that is settled though its event is not in the log: it was refused (SPEC ING-4). */
export interface RefusedSeq {
  class: string
  student: string
  install: string
  seq: number
}

/** What one transaction is to do. Events of all classes in the order in which they were received. */
export interface AppendGroup {
  events: NewEvent[]
  refused: RefusedSeq[]
}

/** What became of one event of the group; `offset` of the stored one, also for a duplicate (the first's). */
export interface AppendOutcome {
  status: Extract<EventResult['status'], 'stored' | 'duplicate'>
  offset: number
  /** A duplicate id with other content: the first stays, this one is kept for inspection (SPEC ING-5). */
  conflict?: true
}

/** State of a fold kept to start from. `state` is opaque to the store. */
export interface Checkpoint {
  offset: number
  state: Uint8Array
}

/**
 * The append-only log of every class, with contiguous offsets from 1, per class, in commit order.
 * Every implementation passes `store.contract.ts`.
 */
export interface LogStore {
  /**
   * One durable transaction; resolves after it is on disk, with one outcome per event, in order.
   * Throws `storage_unavailable` when nothing of it was kept; the caller may send the same again.
   */
  append(group: AppendGroup): Promise<AppendOutcome[]>
  /** Highest sequence number of this install up to which every number is settled; 0 if none (SPEC ING-4). */
  settledThrough(classId: string, student: string, install: string): Promise<number>
  /** Events with offsets in (after, after + limit], in offset order. */
  read(classId: string, after: number, limit: number): Promise<StoredEvent[]>
  /** Events of one student, in offset order: at most `limit` with offsets above `after`. */
  readStudent(classId: string, student: string, page: { after: number; limit: number }): Promise<StoredEvent[]>
  /** Last offset of the class; 0 if it has no events. */
  top(classId: string): Promise<number>
  /** Classes with at least one event. */
  classes(): Promise<string[]>
  /** Newest checkpoint of the class at this version of the fold. */
  loadCheckpoint(classId: string, version: string): Promise<Checkpoint | undefined>
  /** Offset of the newest checkpoint of each class that has one at this version. */
  checkpoints(version: string): Promise<Map<string, number>>
  saveCheckpoint(classId: string, version: string, checkpoint: Checkpoint): Promise<void>
  /**
   * Empties every event of a student whose key was destroyed: they stay as `erased`, so that offsets have no gaps, and nothing of
   * what was written is left in the files. Checkpoints of the class are removed. Returns how many events there were.
   */
  erase(classId: string, student: string): Promise<number>
  /** Removes everything of a class; its offsets begin anew. */
  eraseClass(classId: string): Promise<void>
  /** Throws `storage_unavailable` with the reason when a write would not succeed now. */
  probe(): Promise<void>
  /** Writes what is pending and releases the file or the pool. */
  close(): Promise<void>
}

/** One event without anything that is sealed. */
export interface LogOutline {
  offset: number
  student: string
  type: EventType
  received: number
  /** What a `sharing_changed` says. */
  sharing?: boolean
}

/** What a thread needs to read the log. */
export interface LogFiles {
  /** File of the log. */
  readonly file: string
  readonly vault: VaultFiles
}
