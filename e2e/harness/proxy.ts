import { connect, createServer, type Socket } from 'node:net'
import { freePort } from './ports.ts'

/** A stretch of network between a browser and a server that can be cut. */
export interface Network {
  readonly port: number
  /** Drops every connection and refuses new ones until `restore`. */
  cut(): void
  restore(): void
  close(): Promise<void>
}

/** Forwards TCP from a free port to `port` of the loopback address. */
export async function createNetwork(port: number): Promise<Network> {
  const own = await freePort()
  const open = new Set<Socket>()
  let up = true
  const server = createServer((near) => {
    if (!up) {
      near.destroy()
      return
    }
    const far = connect(port, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
    }
  })
  await new Promise<void>((settle) => server.listen(own, '127.0.0.1', settle))
  const drop = () => {
    for (const socket of open) socket.destroy()
  }
  return {
    port: own,
    cut() {
      up = false
      drop()
    },
    restore() {
      up = true
    },
    async close() {
      drop()
      await new Promise((settle) => server.close(settle))
    },
  }
}
