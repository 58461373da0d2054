import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/** Connections of one address that have not shown who they are; a whole school behind one address stays below. */
const STRANGERS_PER_ADDRESS = 4096

/**
 * Holds connections by address until they are known. One too many cuts the oldest: whoever comes with a token shows it at
 * once and is counted no more, so that idle connections can not keep others of the same address out.
 */
export function limitStrangers(server: Server) {
  const strangers = new Map<string, Set<Socket>>()
  const addresses = new WeakMap<Socket, string>()

  const forget = (socket: Socket) => {
    const address = addresses.get(socket)
    if (address === undefined) return
    addresses.delete(socket)
    const group = strangers.get(address)
    group?.delete(socket)
    if (group?.size === 0) strangers.delete(address)
  }

  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? ''
    const group = strangers.get(address) ?? new Set()
    strangers.set(address, group)
    group.add(socket)
    addresses.set(socket, address)
    socket.once('close', () => forget(socket))
    const [oldest] = group.size > STRANGERS_PER_ADDRESS ? group : []
    if (oldest === undefined) return
    forget(oldest)
    oldest.destroy()
  })

  /** Somebody on this connection has shown a valid token, session or ticket. */
  return { known: forget }
}
