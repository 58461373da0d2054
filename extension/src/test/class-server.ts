import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'
import type { LecternEvent } from '../../../protocol/src/events.ts'

/**
 * What the next request, or frame, meets. `lost`: everything is done and the answer never arrives. `portal`: a page of HTML
 * with status 200. `refuse`: the first event of the batch is refused.
 */
export type Fault =
  | 'none'
  | 'error'
  | 'busy'
  | 'portal'
  | 'lost'
  | 'refuse'
  | 'empty'
  | 'unauthenticated'
  | 'wrong code'

interface Options {
  readonly fault?: () => Fault
  readonly sockets?: boolean
  readonly level?: number
}

/** A peer that answers as the specification says, or as badly as it is told. */
export interface ClassServer extends AsyncDisposable {
  readonly url: string
  /** Every event it has answered for, by id, in order of arrival. */
  readonly events: Map<string, LecternEvent>
  readonly refused: Set<string>
  readonly joins: Record<string, unknown>[]
  /** Bodies of requests for a preview, as they came. */
  readonly previews: string[]
  readonly posts: string[]
  readonly consents: Record<string, unknown>[]
  readonly socketBatches: number
  /** Forgets all events after the first `count`, as a server does that was restored from an older backup. */
  forgetAfter(count: number): void
  /** Says something on every open socket. */
  say(frame: object): void
  cut(): void
}

const PORTAL = '<html><body>Sign in to the network</body></html>'

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

function answer(response: ServerResponse, status: number, body: object | string): void {
  const html = typeof body === 'string'
  const retryAfter = status === 429 ? { 'retry-after': '0.01' } : {}
  response.writeHead(status, { 'content-type': html ? 'text/html' : 'application/json', ...retryAfter })
  response.end(html ? body : JSON.stringify(body))
}

/** Starts a class server on a free port. */
export async function startClassServer({
  fault = () => 'none',
  sockets = true,
  level = 2,
}: Options = {}): Promise<ClassServer> {
  const events = new Map<string, LecternEvent>()
  const refused = new Set<string>()
  const joins: Record<string, unknown>[] = []
  const previews: string[] = []
  const posts: string[] = []
  const consents: Record<string, unknown>[] = []
  const open = new Set<WebSocket>()
  let socketBatches = 0

  const take = (batch: readonly LecternEvent[], refuse: boolean) =>
    batch.map((event, index) => {
      if (events.has(event.id)) return { id: event.id, status: refused.has(event.id) ? 'refused' : 'duplicate' }
      events.set(event.id, event)
      if (!refuse || index > 0) return { id: event.id, status: 'stored' }
      refused.add(event.id)
      return { id: event.id, status: 'refused', code: 'invalid_event' }
    })

  /** Up to where the numbers of an install have no gap (SPEC ING-4). */
  const through = (install: string | undefined): number => {
    const seqs = new Set([...events.values()].filter((event) => event.install === install).map(({ seq }) => seq))
    let last = 0
    while (seqs.has(last + 1)) last += 1
    return last
  }
  const installOf = (token: string | undefined) =>
    String(joins[Number(token?.replace(/^(Bearer )?t/, '')) - 1]?.['install'])

  const fail = (response: ServerResponse, kind: Fault): boolean => {
    if (kind === 'error') answer(response, 500, { code: 'internal' })
    else if (kind === 'busy') answer(response, 429, { code: 'overloaded' })
    else if (kind === 'portal') answer(response, 200, PORTAL)
    else if (kind === 'empty') answer(response, 200, {})
    else if (kind === 'wrong code') answer(response, 404, { code: 'code_invalid' })
    else if (kind === 'unauthenticated') answer(response, 401, { code: 'token_revoked' })
    else return false
    return true
  }

  const route = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await bodyOf(request)
    const kind = fault()
    if (fail(response, kind)) return
    if (request.url === '/api/v2/join') {
      const asked = JSON.parse(body) as Record<string, unknown>
      joins.push(asked)
      const consent = asked['consent'] ?? asked['consentIfNew']
      answer(response, 200, { token: `t${joins.length}`, class: { id: 'k', name: 'K' }, student: 's', level, consent })
    } else if (request.url === '/api/v2/join/preview') {
      previews.push(body)
      answer(response, 200, { class: { name: 'K' }, level, version: 1, retentionDays: 180 })
    } else if (request.url === '/api/v2/me/consent') {
      if (request.method === 'PUT') consents.push(JSON.parse(body) as Record<string, unknown>)
      const given = consents.at(-1) ?? {}
      const asks = { level, version: 1, retentionDays: 180 }
      answer(response, 200, {
        asks,
        open: false,
        ...(given['sharing'] ? { inForce: given['level'] } : {}),
        history: [],
      })
    } else if (request.url === '/api/v2/live/ticket') {
      const ticket = String(request.headers.authorization).replace('Bearer ', '')
      answer(response, sockets ? 200 : 404, sockets ? { ticket, expires: 0 } : { code: 'not_found' })
    } else {
      posts.push(body)
      const install = installOf(request.headers.authorization)
      const results = take((JSON.parse(body) as { events: LecternEvent[] }).events, kind === 'refuse')
      if (kind === 'lost') response.destroy()
      else answer(response, 200, { results, ackedThrough: through(install) })
    }
  }

  const server = createServer((request, response) => void route(request, response))
  const hub = new WebSocketServer({ server, path: '/api/v2/live' })
  hub.on('connection', (socket) => {
    open.add(socket)
    let install: string | undefined
    socket.on('close', () => open.delete(socket))
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as { kind: string; ref: number; ticket: string; events: LecternEvent[] }
      if (frame.kind === 'hello') {
        install = installOf(frame.ticket)
        socket.send('{"kind":"welcome"}')
      }
      if (frame.kind !== 'events') return
      const kind = fault()
      if (kind === 'error') return socket.close(1011)
      if (kind === 'busy') {
        return socket.send(JSON.stringify({ kind: 'error', code: 'overloaded', ref: frame.ref, retryAfter: 0.01 }))
      }
      socketBatches += 1
      const results = take(frame.events, kind === 'refuse')
      if (kind === 'lost') return socket.terminate()
      socket.send(JSON.stringify({ kind: 'ack', ref: frame.ref, results, ackedThrough: through(install) }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const cut = () => {
    for (const socket of open) socket.terminate()
  }
  return {
    url: `http://127.0.0.1:${port}`,
    events,
    refused,
    joins,
    previews,
    posts,
    consents,
    get socketBatches() {
      return socketBatches
    },
    forgetAfter(count) {
      for (const id of [...events.keys()].slice(count)) events.delete(id)
    },
    say: (frame) => {
      for (const socket of open) socket.send(JSON.stringify(frame))
    },
    cut,
    async [Symbol.asyncDispose]() {
      cut()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
