import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { SUBPROTOCOL } from '@lectern/protocol'
import type { Batch } from './batches.ts'

/** One kept-open connection that sends a batch and reads its answer, with as little work as possible. */
export interface Line {
  /** Sends the batch; calls back with whether it was acknowledged, once. */
  send(batch: Batch, done: (ok: boolean) => void): void
  close(): void
}

function opened(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })
}

const LENGTH = 'content-length: '
const HEADERS_END = '\r\n\r\n'

/** A connection that posts. Reads status and length of answers, nothing else. */
export async function openPostLine(port: number, token: string): Promise<Line> {
  const socket = await opened(port)
  let held: Buffer = Buffer.alloc(0)
  let answer: ((ok: boolean) => void) | undefined
  socket.on('data', (part: Buffer) => {
    held = held.length === 0 ? part : Buffer.concat([held, part])
    const end = held.indexOf(HEADERS_END)
    if (end === -1) return
    const head = held.toString('latin1', 0, end)
    const at = head.toLowerCase().indexOf(LENGTH)
    const length = Number.parseInt(head.slice(at + LENGTH.length), 10)
    if (held.length < end + HEADERS_END.length + length) return
    held = held.subarray(end + HEADERS_END.length + length)
    answer?.(head.startsWith('HTTP/1.1 200'))
  })
  const head = `POST /api/v2/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: `
  return {
    send({ bytes }, done) {
      answer = done
      socket.cork()
      socket.write(`${head}${bytes.length}${HEADERS_END}`, 'latin1')
      socket.write(bytes)
      socket.uncork()
    },
    close: () => void socket.destroy(),
  }
}

const OPCODE_TEXT = 0x81
const OPCODE_CLOSE = 0x88
const MASKED = 0x80
const SHORT = 126
const LONG = 127

/** A masked text frame (RFC 6455) whose mask is zero, so that the payload goes out as it is. */
function frameHead(length: number): Buffer {
  if (length < SHORT) return Buffer.from([OPCODE_TEXT, MASKED | length, 0, 0, 0, 0])
  const head = Buffer.from([OPCODE_TEXT, MASKED | (length < 65_536 ? SHORT : LONG), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  if (length < 65_536) {
    head.writeUInt16BE(length, 2)
    return head.subarray(0, 8)
  }
  head.writeBigUInt64BE(BigInt(length), 2)
  return head
}

/** First frame of what was received and where the next begins; undefined while it is not whole. */
function firstFrame(held: Buffer): { opcode: number; text: Buffer; next: number } | undefined {
  const [opcode, short] = held
  if (opcode === undefined || short === undefined) return undefined
  const start = short < SHORT ? 2 : short === SHORT ? 4 : 10
  if (held.length < start) return undefined
  const length = short < SHORT ? short : short === SHORT ? held.readUInt16BE(2) : Number(held.readBigUInt64BE(2))
  if (held.length < start + length) return undefined
  return { opcode, text: held.subarray(start, start + length), next: start + length }
}

/** A student's socket. Acks are told from other frames by their first bytes. */
export async function openSocketLine(port: number, ticket: string): Promise<Line> {
  const socket = await opened(port)
  let held: Buffer = Buffer.alloc(0)
  let answer: ((ok: boolean) => void) | undefined
  let greeted: (() => void) | undefined
  const welcome = new Promise<void>((resolve) => (greeted = resolve))
  const hello = Buffer.from(JSON.stringify({ kind: 'hello', ticket }))
  let upgraded = false

  function take(text: Buffer): void {
    const kind = text.toString('latin1', 9, 16)
    if (kind.startsWith('ack"')) answer?.(true)
    else if (kind.startsWith('error"')) answer?.(false)
    else if (kind.startsWith('welcome')) greeted?.()
  }

  socket.on('data', (part: Buffer) => {
    held = held.length === 0 ? part : Buffer.concat([held, part])
    if (!upgraded) {
      const end = held.indexOf(HEADERS_END)
      if (end === -1) return
      held = held.subarray(end + HEADERS_END.length)
      upgraded = true
      socket.write(Buffer.concat([frameHead(hello.length), hello]))
    }
    for (let frame = firstFrame(held); frame; frame = firstFrame(held)) {
      held = held.subarray(frame.next)
      if (frame.opcode === OPCODE_CLOSE) answer?.(false)
      else take(frame.text)
    }
  })
  const key = randomBytes(16).toString('base64')
  socket.write(
    `GET /api/v2/live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Protocol: ${SUBPROTOCOL}\r\n\r\n`,
  )
  await welcome
  return {
    send({ bytes }, done) {
      answer = done
      socket.cork()
      socket.write(frameHead(bytes.length))
      socket.write(bytes)
      socket.uncork()
    },
    close: () => void socket.destroy(),
  }
}
