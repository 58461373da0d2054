import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { ClientMessage, ServerMessage } from '@lectern/protocol'
import { WebSocketServer, type WebSocket } from 'ws'

/** One accepted connection of the server below. */
export interface Accepted {
  readonly protocol: string
  /** The next frame of the client. */
  next(): Promise<ClientMessage>
  say(message: ServerMessage): void
  sayText(text: string): void
  close(code: number): void
  /** Goes away without a word. */
  terminate(): void
}

/** A server of the wire whose every answer the test gives. */
export interface LiveServer extends AsyncDisposable {
  readonly url: string
  accept(): Promise<Accepted>
}

/** A list of things that may be asked for before they are there. */
function createQueue<T>() {
  const here: T[] = []
  const asked: ((item: T) => void)[] = []
  return {
    put(item: T) {
      const first = asked.shift()
      if (first) first(item)
      else here.push(item)
    },
    take: (): Promise<T> => {
      const first = here.shift()
      return first === undefined ? new Promise((settle) => asked.push(settle)) : Promise.resolve(first)
    },
  }
}

function accepted(socket: WebSocket): Accepted {
  const frames = createQueue<ClientMessage>()
  socket.on('message', (data: Buffer) => frames.put(JSON.parse(data.toString()) as ClientMessage))
  return {
    protocol: socket.protocol,
    next: frames.take,
    say: (message) => socket.send(JSON.stringify(message)),
    sayText: (text) => socket.send(text),
    close: (code) => socket.close(code),
    terminate: () => socket.terminate(),
  }
}

/** Starts it on a free port. */
export async function startLiveServer(): Promise<LiveServer> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  const connections = createQueue<Accepted>()
  server.on('connection', (socket) => connections.put(accepted(socket)))
  await once(server, 'listening')
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accept: connections.take,
    async [Symbol.asyncDispose]() {
      for (const client of server.clients) client.terminate()
      await new Promise((settle) => server.close(settle))
    },
  }
}
