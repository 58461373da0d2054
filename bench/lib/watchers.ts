import type { TicketAnswer } from '@lectern/protocol'
import { SUBPROTOCOL } from '@lectern/protocol'
import { WebSocket } from 'ws'
import type { MeasuredServer } from './server.ts'

/** A dashboard's socket that follows the class. */
export interface Watcher {
  socket: WebSocket
  close(): void
}

/** A socket ticket for whoever holds the token. */
export async function ticketFor(server: MeasuredServer, token: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` }
  const answer = await fetch(`${server.url}/api/v2/live/ticket`, { method: 'POST', headers })
  if (!answer.ok) throw new Error(`No ticket: HTTP ${answer.status}`)
  return ((await answer.json()) as TicketAnswer).ticket
}

/** Opens a socket and says hello; resolves when it was welcomed. */
export async function openSocket(server: MeasuredServer, token: string): Promise<WebSocket> {
  const ticket = await ticketFor(server, token)
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/api/v2/live`, SUBPROTOCOL, { perMessageDeflate: false })
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.once('message', () => resolve())
    socket.once('open', () => socket.send(JSON.stringify({ kind: 'hello', ticket })))
  })
  return socket
}

/** Opens a dashboard's socket and follows the class; `onFrame` gets every frame as it comes. */
export async function openWatcher(server: MeasuredServer, onFrame: (text: string) => void): Promise<Watcher> {
  const socket = await openSocket(server, server.staffToken)
  socket.on('message', (data: Buffer) => onFrame(data.toString('latin1')))
  socket.send(JSON.stringify({ kind: 'subscribe', class: server.classId }))
  await new Promise((resolve) => socket.once('message', resolve))
  return { socket, close: () => socket.terminate() }
}
