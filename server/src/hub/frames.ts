import { ClientMessage, LIMITS } from '@lectern/protocol'
import { Compile } from 'typebox/compile'
import { CodedError } from '../errors.ts'
import { parseJson } from '../ingest/guard.ts'

const check = Compile(ClientMessage)
/** Frames of events are told by their first bytes, so that the main thread does not parse them (SPEC BAT-1). */
const EVENTS = Buffer.from('{"kind":"events"')
/** Longest beginning in which `ref` is looked for. */
const HEAD_BYTES = 64
/** A frame that is not events has at most so many bytes (SPEC LIM-5). */
const SMALL_FRAME_BYTES = 8 * 1024

/** A frame as the hub acts on it. */
export type Frame =
  | { kind: 'events'; ref: number | undefined; bytes: Uint8Array }
  | Exclude<ClientMessage, { kind: 'events' }>

/** The beginning of an `ack` or `error` that repeats `ref`. */
export const refText = (ref: number | undefined): string => (ref === undefined ? '' : `"ref":${ref},`)

function eventsRef(bytes: Buffer): number | undefined {
  const head = bytes.subarray(0, HEAD_BYTES).toString('latin1')
  const found = /^\{"kind":"events","ref":(\d{1,16})[,}]/.exec(head)?.[1]
  return found === undefined ? undefined : Number(found)
}

/** Reads a frame. Throws `too_large`, `bad_json`, `too_deep`, `too_many_keys`, `bad_request`. */
export function readFrame(bytes: Buffer): Frame {
  if (bytes.subarray(0, EVENTS.length).equals(EVENTS)) return { kind: 'events', ref: eventsRef(bytes), bytes }
  if (bytes.length > SMALL_FRAME_BYTES) {
    throw new CodedError('too_large', `A frame other than events has at most ${SMALL_FRAME_BYTES} bytes.`)
  }
  const { value } = parseJson(bytes)
  if (!check.Check(value)) throw new CodedError('bad_request', 'The frame is not one of the messages of a client.')
  return value.kind === 'events' ? { kind: 'events', ref: value.ref, bytes } : value
}

/** Largest frame a socket takes in (SPEC LIM-1). */
export const MAX_FRAME_BYTES = LIMITS.bodyBytes
