import type { Captured } from './captured.ts'
import { utf8Bytes } from './text.ts'

const NAME_CHARS = 128
const VALUE_BYTES = 16 * 1024
const VALUE_DEPTH = 16

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(depthOf))
}

/** A `custom` event of another extension. Throws a TypeError when a server would not take it (SPEC LIM-2, LIM-3). */
export function customEvent(name: string, value?: unknown): Captured {
  if (name === '' || name.length > NAME_CHARS) throw new TypeError(`A name has 1 to ${NAME_CHARS} characters.`)
  const text = value === undefined ? '' : JSON.stringify(value)
  if (text === undefined || utf8Bytes(text) > VALUE_BYTES) {
    throw new TypeError(`A value is JSON of at most ${VALUE_BYTES} bytes.`)
  }
  if (depthOf(value) > VALUE_DEPTH) throw new TypeError(`A value is nested at most ${VALUE_DEPTH} deep.`)
  // A copy: what the caller changes later was not captured.
  return { type: 'custom', data: { name, ...(value === undefined ? {} : { value: JSON.parse(text) as unknown }) } }
}
