import type { CellRef, EventType, LecternEvent, NotebookRef } from '../../../protocol/src/events.ts'
import type { ConsentAnswer, ConsentNow } from '../../../protocol/src/consent.ts'
import type { CollectionLevel } from '../../../protocol/src/levels.ts'
import type { HelpState, HelpWord } from './help-word.ts'

/** Who joins which class: the settings that make a join. */
export interface JoinDetails {
  /** Origin and path of the server, without a slash at the end. */
  readonly server: string
  readonly code: string
  readonly name: string
  readonly email?: string
  readonly team?: string
  /** The JupyterHub says who joins (SPEC JOI-20): its user, and the class that the site names where it names no code. */
  readonly hub?: { readonly user: string; readonly class?: string }
}

/** What the server said to a join. */
export interface Membership {
  readonly token: string
  readonly class: { readonly id: string; readonly name: string }
  readonly student: string
  /** What is kept of this student now: events are limited to it before they are sent. */
  readonly level: CollectionLevel
  /** False: nothing is kept of this student but what is written to be read (SPEC CON-1). */
  readonly sharing: boolean
  /** What the class asks and the student answered, as the server said last. */
  readonly consent?: ConsentNow
}

/** An event the server refused for good. */
export interface Refusal {
  readonly code: string
  readonly type: string
  /** ms of this computer's clock. */
  readonly at: number
}

/** One join of this browser: an install id, its sequence, and what has become of its events. */
export interface Join {
  readonly install: string
  readonly details: JoinDetails
  /** What the student agreed to; nothing is captured or sent without it. `told`: the server has it. */
  readonly answer?: { readonly given: ConsentAnswer; readonly told: boolean }
  readonly member?: Membership
  /** Sequence number of the next event (SPEC EVT-2). */
  readonly nextSeq: number
  /** Events the server holds. */
  readonly sent: number
  readonly refused: number
  readonly lastRefusal?: Refusal
  readonly help: HelpState
  /** Up to here the server has settled everything, as it said last (SPEC ING-4). */
  readonly through: number
  /** Waiting events. */
  readonly kept: Amount
  /** Acknowledged events that are held for a while. */
  readonly held: Amount
  /** Bytes that waited when their outputs had been left out; 0 again when some were delivered. */
  readonly lean: number
  /** Events whose outputs were taken out for want of room, and events that waited too long and were given up. */
  readonly shrunk: number
  readonly expired: number
}

/** So many events, and their length as JSON text. */
export interface Amount {
  readonly events: number
  readonly bytes: number
}

/** What an outbox holds at most. */
export interface OutboxLimits extends Amount {
  /** Waiting events of all joins that are older are given up: the class is long over. */
  readonly ageMs: number
  /** Acknowledged events are held so long, and so many, for a server that comes back from an older backup. */
  readonly heldMs: number
  readonly held: Amount
}

const DAY_MS = 86_400_000
const MB = 1_000_000

export const OUTBOX_LIMITS: OutboxLimits = {
  events: 50_000,
  bytes: 50 * MB,
  ageMs: 30 * DAY_MS,
  heldMs: 2 * DAY_MS,
  held: { events: 5_000, bytes: 5 * MB },
}

/** The part of the room from which on outputs are left out. */
const NEARLY_FULL = 0.8

/** There is no room for another event, although outputs were left out. */
export class OutboxFullError extends Error {}

/** A run that a page began and has not told the end of. */
export interface OpenRun {
  /** Becomes the id of its event. */
  readonly id: string
  readonly install: string
  /** Session of the page. */
  readonly page: string
  readonly kernel: { readonly id: string; readonly name: string }
  /** As whom the page spoke to the kernel. */
  readonly client: string
  /** Id of the request. */
  readonly request: string
  readonly code: string
  readonly notebook: NotebookRef
  readonly cell: CellRef
  /** ms of this computer's clock. */
  readonly at: number
}

/** An event before it has a sequence number. */
export interface Draft {
  readonly id: string
  readonly type: EventType
  readonly at: string
  readonly session?: string
  readonly notebook?: NotebookRef
  readonly cell?: CellRef
  readonly data: object
}

/** What an acknowledgement said about one event that was sent. */
export interface Settled {
  readonly event: LecternEvent
  readonly status: 'stored' | 'duplicate' | 'refused'
  readonly code?: string
}

/** How much of an outbox to read at once. */
export interface BatchSize {
  readonly events: number
  /** Of the events as JSON text. */
  readonly bytes: number
}

/**
 * Where events stand until the server has acknowledged them. Every method is one transaction, so that several tabs can
 * share one outbox.
 */
export interface Outbox {
  /** `memory` does not survive the page. */
  readonly kind: 'indexeddb' | 'memory'
  /**
   * The join of these details; made with the install id `fresh` when there is none. An answer has it join anew. Sameness is
   * that of `identityOf`.
   */
  open(details: JoinDetails, fresh: string, answer?: ConsentAnswer): Promise<Join>
  /** The join of these details, if there is one. */
  find(details: JoinDetails): Promise<Join | undefined>
  join(install: string): Promise<Join | undefined>
  joins(): Promise<Join[]>
  /** Notes the answer to a join, or with undefined that the token is no longer valid. */
  admit(install: string, member: Membership | undefined): Promise<void>
  /**
   * Keeps an event and gives it the next sequence number; it counts as captured only when this has resolved. When there is
   * little room, outputs are left out; throws OutboxFullError when there is none.
   */
  keep(install: string, draft: Draft): Promise<LecternEvent>
  /**
   * Keeps an event on a page that is being left: written in one request, given its number when an outbox is opened next.
   * Nothing is awaited, because nothing runs after it.
   */
  leave(install: string, draft: Draft): void
  /** Gives their sequence number to events kept by `leave`. */
  collect(): Promise<void>
  /** Notes a run that has begun. */
  begin(run: OpenRun): Promise<void>
  /** Keeps the event of a run's end in the place of the note; undefined if another page has done so. */
  end(run: string, draft: Draft): Promise<LecternEvent | undefined>
  /** Takes a note away: the end of the run is not to be told. */
  drop(run: string): Promise<void>
  openRuns(): Promise<OpenRun[]>
  /** Gives up what has waited, or was held, for too long. */
  tidy(now: number): Promise<void>
  /**
   * The server says up to where it has settled everything. If that is less than it said before, it has come back from an
   * older backup: what is held beyond waits again. Gives how many events do.
   */
  resume(install: string, through: number): Promise<number>
  /** The oldest waiting events, in order; at least one if any waits. */
  oldest(install: string, size: BatchSize): Promise<LecternEvent[]>
  /** Deletes what an acknowledgement named, and counts it. Repeating it has no effect. */
  settle(install: string, settled: readonly Settled[], now: number): Promise<void>
  /** Takes the server's word on an open help request, unless it says otherwise than a request or withdrawal of ours that is still on its way. */
  helpIs(install: string, word: HelpWord): Promise<void>
  /** Forgets a join and everything that waits for it: the student was erased, or does not want it kept. */
  forget(install: string): Promise<void>
  /** Takes the server's word on what is asked and agreed to (SPEC CON-4). */
  consentIs(install: string, consent: ConsentNow): Promise<void>
  waiting(install: string): Promise<number>
  close(): void
}

/**
 * Equal for the same person in the same class: the Hub's user on a Hub, else the address where there is one, else the name.
 * A team may change; a name may change when something else says who it is.
 */
export function identityOf({ server, code, name, email, hub }: JoinDetails): string {
  if (hub) return JSON.stringify([server, code.trim() || hub.class, 'hub', hub.user])
  const who = email === undefined ? ['name', name.trim()] : ['email', email.trim().toLowerCase()]
  return JSON.stringify([server, code.trim(), ...who])
}

/** A join without history. */
export function newJoin(install: string, details: JoinDetails): Join {
  const none = { events: 0, bytes: 0 }
  const counts = { sent: 0, refused: 0, through: 0, kept: none, held: none, lean: 0, shrunk: 0, expired: 0 }
  return { install, details, nextSeq: 1, ...counts, help: { open: false } }
}

/** The join `known`, or a new one, with these details; with an answer it has still to be told to the server. */
export function opened(known: Join, details: JoinDetails, answer: ConsentAnswer | undefined): Join {
  if (!answer) return { ...known, details }
  const { member: _before, ...join } = known
  return { ...join, details, answer: { given: answer, told: false } }
}

/** The event of a draft, and the join after it. */
export function numbered(join: Join, draft: Draft): { event: LecternEvent; join: Join } {
  const seq = join.nextSeq
  const event = { ...draft, install: join.install, seq } as LecternEvent
  return { event, join: { ...join, nextSeq: seq + 1, help: askedBy(draft, seq) ?? join.help } }
}

/** What a draft makes of the request for help; undefined: nothing. */
function askedBy({ type, id, data }: Draft, seq: number): HelpState | undefined {
  if (type === 'help_withdrawn') return { open: false, seq }
  if (type !== 'help_requested') return undefined
  const { message } = data as { message?: string }
  return { open: true, seq, event: id, ...(message === undefined ? {} : { message }) }
}

/** The join after `settled`, which must be events that were still waiting. */
export function counted(join: Join, settled: readonly Settled[], now: number): Join {
  const refusals = settled.filter(({ status }) => status === 'refused')
  const last = refusals.at(-1)
  return {
    ...join,
    sent: join.sent + settled.length - refusals.length,
    refused: join.refused + refusals.length,
    ...(last ? { lastRefusal: { code: last.code ?? 'invalid_event', type: last.event.type, at: now } } : {}),
  }
}

/** The join with the answer to it, or without when the token is no longer valid. */
export function admitted(join: Join, member: Membership | undefined): Join {
  const { member: _old, ...rest } = join
  if (member === undefined) return rest
  return { ...rest, member, ...(join.answer ? { answer: { ...join.answer, told: true } } : {}) }
}

/** The join with what the student agreed to. */
export function consented(join: Join, consent: ConsentNow): Join {
  if (!join.member) return join
  const sharing = consent.inForce !== undefined
  const level = consent.inForce ?? 0
  const given = { sharing, level, version: consent.asks.version }
  return { ...join, member: { ...join.member, level, sharing, consent }, answer: { given, told: true } }
}

/** True if the student shares nothing but requests for help (SPEC CON-1). */
export const sharesNothing = ({ member, answer }: Join): boolean => (member ?? answer?.given)?.sharing !== true

/** True if an event of this type may be captured: nothing before an answer, and after a "no" only what is written to be read. */
export const mayKeep = (join: Join | undefined, type: EventType): join is Join =>
  join?.answer !== undefined && (!sharesNothing(join) || type.startsWith('help_'))

/** What may be captured: no more than the student agreed to, also before the server has answered the join. */
export const levelOf = (join: Join | undefined): CollectionLevel =>
  join?.member?.level ?? join?.answer?.given.level ?? 0

/** The amount after one more, or with -1 one less, event of so many bytes. */
export const added = (amount: Amount, bytes: number, by: 1 | -1 = 1): Amount => ({
  events: amount.events + by,
  bytes: amount.bytes + by * bytes,
})

/** Whether there is room for one more event beside those of all joins. Requests for help always find some. */
export function roomFor(joins: readonly Join[], draft: Draft, limits: OutboxLimits): 'enough' | 'little' | 'none' {
  const events = joins.reduce((sum, { kept }) => sum + kept.events, 0)
  const bytes = joins.reduce((sum, { kept }) => sum + kept.bytes, 0)
  const isFull = events >= limits.events || bytes >= limits.bytes
  if (isFull && !draft.type.startsWith('help_')) return 'none'
  return bytes >= limits.bytes * NEARLY_FULL ? 'little' : 'enough'
}

/** The event without the texts of its outputs; undefined if it has none. Sizes stay. */
export function withoutOutputs<T extends { readonly data: object }>(event: T): T | undefined {
  const { outputs, ...rest } = event.data as { readonly outputs?: readonly unknown[] }
  return outputs === undefined || outputs.length === 0 ? undefined : { ...event, data: rest }
}

/** How many of `sizes` (bytes, oldest first) fit; at least one. */
export function fitting(sizes: readonly number[], size: BatchSize): number {
  let bytes = 0
  let count = 0
  for (const length of sizes) {
    bytes += length
    if (count > 0 && (count >= size.events || bytes > size.bytes)) break
    count += 1
  }
  return count
}
