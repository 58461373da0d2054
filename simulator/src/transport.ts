import { request, Agent } from 'node:http'
import { SUBPROTOCOL, type BatchResult, type LecternEvent, type OwnMessage } from '@lectern/protocol'
import { WebSocket } from 'ws'

const ANSWER_WITHIN_MS = 20_000

/** The server wants the same again after `seconds`, or did not answer (then undefined). */
export class Later extends Error {
  override readonly name = 'Later'
  readonly seconds: number | undefined

  constructor(message: string, seconds?: number) {
    super(message)
    this.seconds = seconds
  }
}

/** One way to the server. `send` rejects with `Later` when the batch has to be sent again. */
export interface Transport {
  send(events: readonly LecternEvent[]): Promise<BatchResult>
  close(): void
}

/** An HTTP answer. */
export interface Answer {
  status: number
  retryAfter: number | undefined
  body: unknown
}

interface Call {
  method: 'GET' | 'POST'
  token?: string | undefined
  body?: unknown
}

/** Makes calls to one server over kept-alive connections. */
export type Http = (path: string, call: Call) => Promise<Answer>

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Calls over HTTP to the server at `url`. Rejects with `Later` when there is no answer. */
export function createHttp(url: string, sockets = 256): Http & { close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: sockets, scheduling: 'fifo' })
  const call: Http = (path, { method, token, body }) =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body)
      const headers: Record<string, string> = {}
      if (token !== undefined) headers['authorization'] = `Bearer ${token}`
      if (text !== undefined) headers['content-type'] = 'application/json'
      const sent = request(new URL(path, url), { method, agent, headers, timeout: ANSWER_WITHIN_MS }, (answer) => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.on('error', (error) => reject(new Later(error.message)))
        answer.on('end', () => {
          const after = Number(answer.headers['retry-after'])
          const retryAfter = Number.isFinite(after) ? after : undefined
          resolve({ status: answer.statusCode ?? 0, retryAfter, body: parse(Buffer.concat(parts).toString('utf8')) })
        })
      })
      sent.on('timeout', () => sent.destroy(new Error('no answer in time')))
      sent.on('error', (error) => reject(new Later(error.message)))
      sent.end(text)
    })
  return Object.assign(call, { close: () => agent.destroy() })
}

/** Posts of batches (SPEC BAT-1). */
export function createPosts(http: Http, token: string): Transport {
  return {
    async send(events) {
      const body = { events, sentAt: new Date().toISOString() }
      const answer = await http('/api/v2/events', { method: 'POST', token, body })
      if (answer.status === 200) return answer.body as BatchResult
      throw new Later(`HTTP ${answer.status}`, answer.retryAfter)
    },
    close: () => {},
  }
}

interface Pending {
  resolve: (result: BatchResult) => void
  reject: (error: Later) => void
}

interface SocketOptions {
  url: string
  token: string
  /** Told every frame that answers nothing. */
  hear?: (frame: { kind?: string; message?: OwnMessage }) => void
}

/** A student's socket (SPEC SUB-1, SUB-6): connects when there is something to send. */
export function createSocket(http: Http, { url, token, hear: tell }: SocketOptions): Transport {
  const pending = new Map<number, Pending>()
  let opening: Promise<WebSocket> | undefined
  let ref = 0

  function drop(reason: string): void {
    opening = undefined
    for (const { reject } of pending.values()) reject(new Later(reason))
    pending.clear()
  }

  function hear(text: string): void {
    const message = parse(text) as {
      kind?: string
      ref?: number
      detail?: string
      retryAfter?: number
    } & BatchResult & {
        message?: OwnMessage
      }
    const waiting = message.ref === undefined ? undefined : pending.get(message.ref)
    if (!waiting || message.ref === undefined) return tell?.(message)
    pending.delete(message.ref)
    if (message.kind === 'ack') waiting.resolve(message)
    else waiting.reject(new Later(message.detail ?? 'refused', message.retryAfter))
  }

  async function open(): Promise<WebSocket> {
    const { status, body, retryAfter } = await http('/api/v2/live/ticket', { method: 'POST', token })
    if (status !== 200) throw new Later(`ticket: HTTP ${status}`, retryAfter)
    const socket = new WebSocket(new URL('/api/v2/live', url.replace(/^http/, 'ws')), SUBPROTOCOL)
    socket.on('message', (data: Buffer) => hear(data.toString('utf8')))
    socket.on('close', (code) => drop(`closed with ${code}`))
    await new Promise<void>((resolve, reject) => {
      socket.on('open', resolve)
      socket.on('error', (error) => reject(new Later(error.message)))
    })
    socket.send(JSON.stringify({ kind: 'hello', ticket: (body as { ticket: string }).ticket }))
    return socket
  }

  return {
    async send(events) {
      opening ??= open()
      let socket: WebSocket
      try {
        socket = await opening
      } catch (error) {
        opening = undefined
        throw error
      }
      const mine = (ref += 1)
      return new Promise<BatchResult>((resolve, reject) => {
        const timer = setTimeout(() => socket.terminate(), ANSWER_WITHIN_MS)
        const settle = (): void => {
          clearTimeout(timer)
        }
        pending.set(mine, {
          resolve: (result) => {
            settle()
            resolve(result)
          },
          reject: (error) => {
            settle()
            reject(error)
          },
        })
        socket.send(JSON.stringify({ kind: 'events', ref: mine, sentAt: new Date().toISOString(), events }))
      })
    },
    close() {
      opening?.then(
        (socket) => socket.close(1000),
        () => {},
      )
    },
  }
}
