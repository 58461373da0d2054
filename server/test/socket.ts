import { once } from 'node:events'
import { SUBPROTOCOL, type ServerMessage } from '@lectern/protocol'
import { WebSocket } from 'ws'
import { eventually, type TestServer } from './harness.ts'

/** A frame of one kind. */
export type Of<Kind extends ServerMessage['kind']> = Extract<ServerMessage, { kind: Kind }>

/** A socket that has said hello, and what it heard. */
export interface Socket {
  socket: WebSocket
  frames: ServerMessage[]
  say: (message: object) => void
  /** The next frame of this kind that was not asked for before. */
  next: <Kind extends ServerMessage['kind']>(kind: Kind) => Promise<Of<Kind>>
  closed: Promise<number>
}

/** Opens a socket with a ticket. */
export async function openSocket(server: TestServer, ticket: string): Promise<Socket> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v2/live`, SUBPROTOCOL)
  const frames: ServerMessage[] = []
  let taken = 0
  socket.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString())))
  const closed = new Promise<number>((settle) => socket.once('close', settle))
  await once(socket, 'open')
  const say = (message: object) => socket.send(JSON.stringify(message))
  say({ kind: 'hello', ticket })
  return {
    socket,
    frames,
    say,
    next: (kind) =>
      eventually(() => {
        const at = frames.findIndex((frame, index) => index >= taken && frame.kind === kind)
        if (at < 0) return undefined
        taken = at + 1
        return frames[at] as Of<typeof kind>
      }),
    closed,
  }
}

/** A ticket for a student's token. */
export const ticketOf = async (server: TestServer, token: string): Promise<string> =>
  (await server.get('/api/v2/live/ticket', { method: 'POST', token })).json.ticket
/** A ticket for the administrator. */
export const staffTicket = async (server: TestServer): Promise<string> =>
  (await server.staff('/api/v2/live/ticket', { method: 'POST' })).json.ticket
