import { randomUUID } from 'node:crypto'
import { SUBPROTOCOL, type JoinAnswer, type ServerMessage } from '@lectern/protocol'
import { eventually } from './ports.ts'

type Of<Kind extends ServerMessage['kind']> = Extract<ServerMessage, { kind: Kind }>

/** A student over the real wire: what the extension says, without JupyterLab. */
export interface LiveStudent {
  readonly id: string
  /** Sends one event over the socket; resolves when it is acknowledged. */
  say(type: string, data: object, place?: object): Promise<void>
  /** The next frame of this kind that fits and was not taken before. */
  next<Kind extends ServerMessage['kind']>(kind: Kind, fits?: (frame: Of<Kind>) => boolean): Promise<Of<Kind>>
  close(): void
}

async function post<T>(url: string, body: object, token?: string): Promise<T> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorization },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}

/** Joins a class by its code and opens a socket. */
export async function joinLive(url: string, code: string, name: string): Promise<LiveStudent> {
  const install = randomUUID()
  const joined = await post<JoinAnswer>(`${url}/api/v2/join`, { code, install, name })
  const { ticket } = await post<{ ticket: string }>(`${url}/api/v2/live/ticket`, {}, joined.token)
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v2/live`, SUBPROTOCOL)
  const frames: ServerMessage[] = []
  socket.addEventListener('message', ({ data }) => frames.push(JSON.parse(String(data)) as ServerMessage))
  await new Promise((settle, fail) => {
    socket.addEventListener('open', settle, { once: true })
    socket.addEventListener('error', fail, { once: true })
  })
  socket.send(JSON.stringify({ kind: 'hello', ticket }))
  let seq = 0

  async function next<Kind extends ServerMessage['kind']>(kind: Kind, fits: (frame: Of<Kind>) => boolean = () => true) {
    return eventually(`${name} to be told ${kind}`, async () => {
      const at = frames.findIndex((frame) => frame.kind === kind && fits(frame as Of<Kind>))
      return at < 0 ? undefined : (frames.splice(at, 1)[0] as Of<Kind>)
    })
  }

  return {
    id: joined.student,
    next,
    async say(type, data, place = {}) {
      seq += 1
      const event = { id: randomUUID(), install, seq, type, at: new Date().toISOString(), data, ...place }
      socket.send(JSON.stringify({ kind: 'events', ref: seq, events: [event] }))
      const { results } = await next('ack', ({ ref }) => ref === seq)
      if (results[0]?.status !== 'stored') throw new Error(JSON.stringify(results))
    },
    close: () => socket.close(),
  }
}
