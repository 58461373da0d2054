import { once } from 'node:events'
import type { MessagePort } from 'node:worker_threads'

/** Bytes of lines that go in one part. */
const PART_BYTES = 64 * 1024
/** A part that is not full goes after so long all the same. */
const PART_MS = 250
/** Parts that may wait to be taken. */
const AHEAD = 4

/** Hands lines out of a thread through its port, in parts, and waits while they are not taken: see `Pool.stream`. */
export async function handOut(lines: Iterable<object>, port: MessagePort): Promise<void> {
  let text = ''
  const sent = { ahead: 0 }
  let sentAt = -Infinity
  port.on('message', () => (sent.ahead -= 1))
  const send = async (): Promise<void> => {
    while (sent.ahead >= AHEAD) await once(port, 'message')
    const bytes = new TextEncoder().encode(text)
    text = ''
    sent.ahead += 1
    sentAt = performance.now()
    port.postMessage(bytes, [bytes.buffer])
  }
  for (const line of lines) {
    text += `${JSON.stringify(line)}\n`
    if (text.length >= PART_BYTES || performance.now() - sentAt >= PART_MS) await send()
  }
  if (text !== '') await send()
  port.postMessage(null)
}
