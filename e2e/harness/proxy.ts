import { connect, createServer, type Socket } from 'node:net'
import { freePort } from './ports.ts'

/** An answer that everybody gets instead of the server's. */
export interface Canned {
  readonly status: 200 | 429 | 500
  readonly body: string
  readonly type: string
  readonly retryAfter?: number
}

/** What a network does to whoever wants to log in to it first. */
export const PORTAL: Canned = { status: 200, body: '<html><body>Please sign in</body></html>', type: 'text/html' }
export const BROKEN: Canned = { status: 500, body: '{"code":"internal"}', type: 'application/problem+json' }
export const tooMany = (retryAfter: number): Canned => ({
  status: 429,
  body: '{"code":"overloaded"}',
  type: 'application/problem+json',
  retryAfter,
})

/** A stretch of network between a browser and a server that can fail. */
export interface Network {
  readonly port: number
  /** Drops every connection and refuses new ones until `restore`. */
  cut(): void
  /** Drops every connection and answers every request with this until `restore`. */
  answer(canned: Canned): void
  /** Holds everything back for so long, both ways, until `restore`. */
  slow(ms: number): void
  /** Lets the next `count` requests with `text` in them through and drops their connection before the answer comes. */
  loseAnswers(text: string, count: number): void
  restore(): void
  close(): Promise<void>
}

const REASONS = { 200: 'OK', 429: 'Too Many Requests', 500: 'Internal Server Error' }
/** A page of another origin may read the answer, so that the test is not one of CORS. */
const OPEN = [
  'access-control-allow-origin: *',
  'access-control-allow-headers: *, authorization, content-type',
  'access-control-allow-methods: *',
  'access-control-expose-headers: *, retry-after',
  'connection: close',
]

function cannedAnswer(request: string, { status, body, type, retryAfter }: Canned): string {
  if (request.startsWith('OPTIONS ')) return ['HTTP/1.1 204 No Content', ...OPEN, '', ''].join('\r\n')
  const wait = retryAfter === undefined ? [] : [`retry-after: ${retryAfter}`]
  const head = [`HTTP/1.1 ${status} ${REASONS[status]}`, `content-type: ${type}`, ...wait, ...OPEN]
  return [...head, `content-length: ${Buffer.byteLength(body)}`, '', body].join('\r\n')
}

/** Forwards TCP from a free port to `port` of the loopback address. */
export async function createNetwork(port: number): Promise<Network> {
  const own = await freePort()
  const open = new Set<Socket>()
  let mode: 'up' | 'cut' | Canned = 'up'
  let delayMs = 0
  let losing = { text: '', left: 0 }

  const pass = (from: Socket, to: Socket, chunk: Buffer) => {
    if (delayMs === 0) to.write(chunk)
    // Timers of one length keep their order.
    else setTimeout(() => to.destroyed || to.write(chunk), delayMs)
    from.resume()
  }
  const forward = (near: Socket) => {
    const far = connect(port, '127.0.0.1')
    let isLost = false
    near.on('data', (chunk: Buffer) => {
      if (losing.left > 0 && chunk.includes(losing.text)) {
        losing.left -= 1
        isLost = true
      }
      pass(near, far, chunk)
    })
    far.on('data', (chunk: Buffer) => (isLost ? near.destroy() : pass(far, near, chunk)))
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
    }
  }
  const server = createServer((near) => {
    if (mode === 'up') forward(near)
    else if (mode === 'cut') near.destroy()
    else {
      const canned = mode
      near.on('error', () => near.destroy())
      near.once('data', (request: Buffer) => near.end(cannedAnswer(request.toString('latin1'), canned)))
    }
  })
  await new Promise<void>((settle) => server.listen(own, '127.0.0.1', settle))
  const drop = () => {
    for (const socket of open) socket.destroy()
  }
  return {
    port: own,
    cut() {
      mode = 'cut'
      drop()
    },
    answer(canned) {
      mode = canned
      drop()
    },
    slow(ms) {
      delayMs = ms
    },
    loseAnswers(text, count) {
      losing = { text, left: count }
    },
    restore() {
      mode = 'up'
      delayMs = 0
      losing = { text: '', left: 0 }
    },
    async close() {
      drop()
      await new Promise((settle) => server.close(settle))
    },
  }
}
