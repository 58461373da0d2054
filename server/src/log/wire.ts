import type { CollectionLevel, ErrorCode, HelpFigures, OwnProgress, RunnerInfo } from '@lectern/protocol'
import { CodedError } from '../errors.ts'
import type { VaultFiles } from '../keys/vault.ts'
import type { HelpNotice, KeptMessage, OpenRequest, RulesInForce } from '../live/live.ts'
import type { InnerStart } from '../services/inner.ts'
import type { ServiceHealth } from '../services/part.ts'
import type { Claim, ClaimOutcome, GroupTimes, LiveFrame, LogCounts, LogFile, MatrixFrame, ServerEvent } from './log.ts'

/** A coded error on its way between threads. */
export interface WireError {
  code: ErrorCode
  detail: string
  retryAfter?: number
}

/** Who sent one batch of a group, and how many bytes of the group's buffer it takes. */
export interface BatchHeader {
  class: string
  student: string
  install: string
  level: CollectionLevel | undefined
  length: number
}

/** Questions and commands to the log thread, with what each answers. */
export interface Calls {
  append: { ask: { events: ServerEvent[] }; answer: undefined }
  state: { ask: { class: string }; answer: Uint8Array }
  summary: { ask: { class: string }; answer: Uint8Array }
  counts: { ask: { class: string }; answer: Uint8Array }
  difference: { ask: { class: string; since: number | undefined }; answer: { to: number; bytes: Uint8Array } }
  events: { ask: { class: string; after: number; limit: number }; answer: Uint8Array }
  studentEvents: {
    ask: { class: string; student: string; after: number; limit: number }
    answer: Uint8Array
  }
  help: { ask: { class: string; student: string }; answer: HelpNotice }
  claim: { ask: Claim; answer: ClaimOutcome }
  messages: { ask: { class: string; student: string }; answer: KeptMessage[] }
  messageStudents: { ask: { class: string; message: string }; answer: string[] | undefined }
  errorStudents: { ask: { class: string; group: string }; answer: string[] | undefined }
  helpFigures: { ask: { class: string; from: number }; answer: HelpFigures }
  requests: { ask: { class: string }; answer: OpenRequest[] }
  progress: { ask: { class: string; student: string; band: boolean }; answer: OwnProgress }
  tops: { ask: object; answer: Map<string, number> }
  rules: { ask: { class: string }; answer: RulesInForce }
  helpQueue: { ask: { class: string }; answer: Uint8Array }
  matrix: {
    ask: { class: string; notebook: string; since: Pick<MatrixFrame, 'fold' | 'to'> | undefined }
    answer: MatrixFrame
  }
  firstEventAt: { ask: { class: string }; answer: number | undefined }
  erase: { ask: { class: string; student: string }; answer: number }
  eraseClass: { ask: { class: string }; answer: undefined }
  checkpoints: { ask: object; answer: RunnerInfo }
  health: { ask: object; answer: ServiceHealth[] }
  close: { ask: object; answer: undefined }
}

/** One call: `n` tells answers apart. */
export type Call = { [K in keyof Calls]: { kind: 'call'; n: number; call: K; ask: Calls[K]['ask'] } }[keyof Calls]

/** What the log thread is started with. */
export interface LogThreadData extends LogFile {
  /** Memory of the `FoldLag`. */
  foldLag: SharedArrayBuffer
  vault: VaultFiles
  /** Its services start one after the other. */
  sequential: boolean
}

/** To the log thread. The buffer of a group is transferred. A traced group is answered with its times. */
export type ToLog = { kind: 'group'; n: number; headers: BatchHeader[]; buffer: ArrayBuffer; traced: boolean } | Call

/** From the log thread. `lengths[i]` bytes of the buffer answer batch i, or `errors` names it. The buffer is transferred. */
export type FromLog =
  | { kind: 'ready'; starts: InnerStart[] }
  | { kind: 'failed'; error: WireError }
  | {
      kind: 'answers'
      n: number
      lengths: number[]
      buffer: ArrayBuffer
      errors: Map<number, WireError>
      counts: LogCounts
      times?: GroupTimes
    }
  /** A traced group was folded. */
  | { kind: 'folded'; n: number; at: number; ms: number }
  | { kind: 'answer'; n: number; value: unknown }
  | { kind: 'refusal'; n: number; error: WireError }
  | { kind: 'frame'; frame: LiveFrame }
  | { kind: 'fault'; detail: string }

/** An error as it crosses between threads; what is not coded becomes `internal`. */
export function toWire(error: unknown): WireError {
  if (!(error instanceof CodedError)) return { code: 'internal', detail: String(error) }
  const { code, message, retryAfter } = error
  return retryAfter === undefined ? { code, detail: message } : { code, detail: message, retryAfter }
}

/** The error that `toWire` wrote. */
export function fromWire({ code, detail, retryAfter }: WireError): CodedError {
  return new CodedError(code, detail, retryAfter === undefined ? {} : { retryAfter })
}
