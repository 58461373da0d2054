import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.ts'

const DRAIN_MS = 3_000
const IDLE_CLOSE_MS = 20

/** Where the server listens. */
export interface Listener {
  url: string
  port: number
}

/** The address in the form of a URL; the wildcard addresses are reached by name. */
function urlOf({ address, family, port }: AddressInfo): string {
  const host = address === '0.0.0.0' || address === '::' ? 'localhost' : family === 'IPv6' ? `[${address}]` : address
  return `http://${host}:${port}`
}

const LISTEN_FAULTS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there; stop it, or choose another LECTERN_PORT',
  EADDRNOTAVAIL: 'this machine has no such address; choose another LECTERN_HOST',
  ENOTFOUND: 'there is no such host; choose another LECTERN_HOST',
  EACCES: 'this user may not listen there; choose a LECTERN_PORT above 1023',
}

/**
 * Starts to listen. Throws an Error whose message is for an administrator.
 * Not by Fastify's own `listen`: that works once in its life, and the listener may be started again.
 */
export async function listen(
  { server }: FastifyInstance,
  { host, port }: Pick<Config, 'host' | 'port'>,
): Promise<Listener> {
  try {
    server.listen({ host, port })
    await once(server, 'listening')
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    throw new Error(`port ${port} on ${host} can not be used: ${LISTEN_FAULTS[code] ?? message}.`, { cause: error })
  }
  const address = server.address() as AddressInfo
  return { url: urlOf(address), port: address.port }
}

/** Waits for answers that are being made, but not for clients that are slow to send or to read. */
export async function closeHttp(http: FastifyInstance): Promise<void> {
  const { server } = http
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CLOSE_MS)
  const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
  await http.close()
  await new Promise<void>((settle) => {
    server.close(() => settle())
  })
  clearInterval(idle)
  clearTimeout(cut)
}
