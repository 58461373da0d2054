import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/** Connections of one address that have not shown who they are; a class behind one address stays far below. */
const STRANGERS_PER_ADDRESS = 1024

/** Counts connections by address until they are known, and refuses more than an address may have. */
export function limitStrangers(server: Server) {
  const strangers = new Map<string, number>()
  const counted = new WeakMap<Socket, string>()

  const forget = (socket: Socket) => {
    const address = counted.get(socket)
    if (address === undefined) return
    counted.delete(socket)
    const left = (strangers.get(address) ?? 1) - 1
    if (left > 0) strangers.set(address, left)
    else strangers.delete(address)
  }

  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? ''
    const count = strangers.get(address) ?? 0
    if (count >= STRANGERS_PER_ADDRESS) return socket.destroy()
    strangers.set(address, count + 1)
    counted.set(socket, address)
    socket.once('close', () => forget(socket))
    return undefined
  })

  /** Somebody on this connection has shown a valid token, session or ticket. */
  return { known: forget }
}
