import type { BrowserContext } from 'playwright-core'

/** An event as its letters left the browser. */
interface LeftEvent {
  readonly id: string
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
}

/** Everything that a browser says to one server, read from its network. */
export interface Traffic {
  /** Method, path and body of each request, in order. */
  requests(): readonly { readonly method: string; readonly path: string; readonly body: string }[]
  /** Text of each frame that left over a socket. */
  frames(): readonly string[]
  /** Every event that left, by whatever way, once each. */
  events(): LeftEvent[]
  /** True if these letters left the browser as they stand. */
  carried(letters: string): boolean
  /** Hosts that were asked for anything at all. */
  hosts(): ReadonlySet<string>
}

/** Begins to read what a browser sends to `server`, an origin. */
export function readTraffic(context: BrowserContext, server: string): Traffic {
  const requests: { method: string; path: string; body: string }[] = []
  const frames: string[] = []
  const hosts = new Set<string>()
  context.on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol.startsWith('http')) hosts.add(url.host)
    if (url.origin === server) {
      requests.push({ method: request.method(), path: url.pathname, body: request.postData() ?? '' })
    }
  })
  context.on('page', (page) => {
    page.on('websocket', (socket) => {
      const url = new URL(socket.url())
      hosts.add(url.host)
      if (url.host !== new URL(server).host) return
      frames.push('')
      socket.on('framesent', ({ payload }) => frames.push(payload.toString()))
    })
  })
  const batches = () => [
    ...requests.filter(({ path }) => path === '/api/v2/events').map(({ body }) => body),
    ...frames.filter((frame) => frame.startsWith('{"kind":"events"')),
  ]
  return {
    requests: () => requests,
    frames: () => frames,
    events() {
      const all = batches().flatMap((batch) => (JSON.parse(batch) as { events: LeftEvent[] }).events)
      return [...new Map(all.map((event) => [event.id, event])).values()]
    },
    carried: (letters) => batches().some((batch) => batch.includes(letters)),
    hosts: () => hosts,
  }
}
