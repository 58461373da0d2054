import { isUtf8 } from 'node:buffer'
import { LIMITS } from '@lectern/protocol'
import { CodedError } from '../errors.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** Index of the quote that ends the string whose first character is at `from`; the length when it never ends. */
function endOfString(bytes: Uint8Array, from: number): number {
  let at = from
  for (;;) {
    const byte = bytes[at]
    if (byte === undefined || byte === QUOTE) return at
    at += byte === BACKSLASH ? 2 : 1
  }
}

/**
 * Throws `too_deep` or `too_many_keys` for JSON text beyond the limits, before it is parsed (SPEC LIM-2).
 * Text that is no JSON may pass: the parser refuses it.
 */
export function guardJson(bytes: Uint8Array): void {
  let depth = 0
  let keys = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]
    if (byte === QUOTE) {
      at = endOfString(bytes, at + 1)
    } else if (byte === COLON) {
      keys += 1
      if (keys > LIMITS.jsonKeys) throw new CodedError('too_many_keys')
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      depth += 1
      if (depth > LIMITS.jsonDepth) throw new CodedError('too_deep')
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      depth -= 1
    }
  }
}

/**
 * The JSON value of `bytes`, guarded (SPEC LIM-2).
 * Throws `too_deep`, `too_many_keys`, or `bad_json` for what is not UTF-8 or not JSON. A byte order mark is passed over.
 */
export function parseJson(bytes: Uint8Array): { value: unknown; text: string } {
  guardJson(bytes)
  if (!isUtf8(bytes)) throw new CodedError('bad_json', 'The body is not valid UTF-8.')
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  const text = whole.codePointAt(0) === 0xfeff ? whole.slice(1) : whole
  try {
    return { value: JSON.parse(text), text }
  } catch (error) {
    throw new CodedError('bad_json', 'The body is not valid JSON.', { cause: error })
  }
}
