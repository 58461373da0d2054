// CSI sequences (colours, cursor), OSC sequences (links, titles), and the two-character ones.
const CSI = '(?:\\u001b\\[|\\u009b)[0-9;:?<=>]*[ -/]*[@-~]'
const OSC = '\\u001b\\][^\\u0007\\u001b]*(?:\\u0007|\\u001b\\\\)?'
const ANSI = new RegExp(`${CSI}|${OSC}|\\u001b[ -/]*[0-~]`, 'g')

/** `text` without terminal control sequences. */
export function stripAnsi(text: string): string {
  return text.replace(ANSI, '')
}

const encoder = new TextEncoder()

/** Length of `text` in bytes of UTF-8. */
export function utf8Bytes(text: string): number {
  return encoder.encode(text).byteLength
}

/** The first `max` UTF-16 units of `text`, never half of a surrogate pair. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text
  const last = text.charCodeAt(max - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? max - 1 : max)
}
