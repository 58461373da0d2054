import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { SUBPROTOCOL } from '@lectern/protocol'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { loadConfig } from '../src/config.ts'
import { eventually, startServer, temporaryFolder } from './harness.ts'

interface Span {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  startTimeUnixNano: string
  endTimeUnixNano: string
  attributes: { key: string; value: Record<string, unknown> }[]
  status?: { code?: number }
}

/** A collector: takes OTLP over HTTP as JSON, as the standard says. */
async function collector() {
  const spans: Span[] = []
  const services = new Set<string>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      expect(request.url).toBe('/v1/traces')
      const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString())
      for (const { resource, scopeSpans } of resourceSpans) {
        services.add(resource.attributes.find((one: any) => one.key === 'service.name').value.stringValue)
        for (const scope of scopeSpans) spans.push(...scope.spans)
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, spans, services, [Symbol.dispose]: () => void server.close() }
}

const { monitor: defaults } = loadConfig({ env: {}, cwd: '/nowhere' }).config
const traced = (tracesEndpoint: string, tracesRatio = 1) => ({ monitor: { ...defaults, tracesEndpoint, tracesRatio } })

/** Names from the root down to the span. */
function pathOf(span: Span, spans: Span[]): string[] {
  const parent = spans.find(({ spanId }) => spanId === span.parentSpanId)
  return parent ? [...pathOf(parent, spans), span.name] : [span.name]
}
const named = (spans: Span[], name: string) => spans.filter((span) => span.name === name)
const PARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

const source = (path: string) => new URL(`../src/${path}`, import.meta.url).href
/** Starts a server in a process of its own and prints how many modules that make traces it has loaded. */
const COUNT_LOADED = `
  import { registerHooks } from 'node:module'
  let count = 0
  registerHooks({
    load(url, context, next) {
      if (/@opentelemetry\\/(sdk|exporter|otlp|resources)/.test(url)) count += 1
      return next(url, context)
    },
  })
  const [folder, endpoint] = process.argv.slice(2)
  const { loadConfig } = await import('${source('config.ts')}')
  const { startApp } = await import('${source('app.ts')}')
  const { createLogger } = await import('${source('monitor/logger.ts')}')
  const env = { LECTERN_PORT: '0', LECTERN_DATA_DIR: folder, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }
  const app = await startApp({ config: loadConfig({ env, cwd: folder }).config, logger: createLogger('silent') })
  await app.stop()
  console.log(count)
`

describe('traces', () => {
  it('show one event from its post to the frame for dashboards, under the trace of the client', async () => {
    using folder = temporaryFolder()
    using there = await collector()
    await using server = await startServer(folder.path, traced(there.url))
    const { id, code } = await server.makeClass()
    const bob = await server.join(code)
    // Whoever asks for the state has it folded from now on.
    await server.state(id)
    expect((await bob.post([bob.event()], { headers: { traceparent: PARENT } })).status).toBe(200)
    const frame = await eventually(() => named(there.spans, 'frame to dashboards')[0])
    expect(there.services).toEqual(new Set(['lectern']))
    expect(pathOf(frame, there.spans)).toEqual(['POST /api/v2/events', 'log group', 'fold', 'frame to dashboards'])
    const of = (name: string) => named(there.spans, name)[0] as Span
    expect(pathOf(of('log queue'), there.spans)).toEqual(['POST /api/v2/events', 'log queue'])
    expect(pathOf(of('parse'), there.spans)).toEqual(['POST /api/v2/events', 'log group', 'parse'])
    expect(pathOf(of('commit'), there.spans)).toEqual(['POST /api/v2/events', 'log group', 'commit'])
    expect(new Set(there.spans.map(({ traceId }) => traceId))).toEqual(new Set(['4bf92f3577b34da6a3ce929d0e0e4736']))
    expect(of('POST /api/v2/events').parentSpanId).toBe('00f067aa0ba902b7')
    const began = (name: string) => BigInt(of(name).startTimeUnixNano)
    const order = ['POST /api/v2/events', 'parse', 'commit', 'fold'].map(began)
    expect(order).toEqual(order.toSorted((a, b) => Number(a - b)))
    for (const span of there.spans) {
      expect(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano)).toBe(true)
      expect(JSON.stringify(span.attributes)).not.toContain(bob.student)
    }
    expect(JSON.stringify(frame.attributes)).toContain('lectern.offset.to')
  })

  it('show one event that came by socket', async () => {
    using folder = temporaryFolder()
    using there = await collector()
    await using server = await startServer(folder.path, traced(there.url))
    const { id, code } = await server.makeClass()
    const bob = await server.join(code)
    await server.state(id)
    const { ticket } = (await server.get('/api/v2/live/ticket', { method: 'POST', token: bob.token })).json
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v2/live`, SUBPROTOCOL)
    await once(socket, 'open')
    socket.send(JSON.stringify({ kind: 'hello', ticket }))
    socket.send(JSON.stringify({ kind: 'events', ref: 1, events: [bob.event()] }))
    const frame = await eventually(() => named(there.spans, 'frame to dashboards')[0])
    expect(pathOf(frame, there.spans)).toEqual(['events frame', 'log group', 'fold', 'frame to dashboards'])
    socket.terminate()
  })

  it('say of a batch that was refused which error it was', async () => {
    using folder = temporaryFolder()
    using there = await collector()
    await using server = await startServer(folder.path, traced(there.url))
    const { code } = await server.makeClass()
    const bob = await server.join(code)
    expect((await bob.post([], { body: '{' })).status).toBe(400)
    const root = await eventually(() => named(there.spans, 'POST /api/v2/events')[0])
    expect(root.status?.code).toBe(2)
    expect(root.attributes).toContainEqual({ key: 'error.type', value: { stringValue: 'bad_json' } })
  })

  it('are made of the share that was asked for; clients decide for their own', async () => {
    using folder = temporaryFolder()
    using there = await collector()
    const server = await startServer(folder.path, traced(there.url, 0))
    const { code } = await server.makeClass()
    const bob = await server.join(code)
    await bob.store([bob.event()])
    await bob.post([bob.event()], { headers: { traceparent: PARENT } })
    await bob.post([bob.event()], { headers: { traceparent: 'nonsense' } })
    // What was not sent yet goes out before the end.
    await server.app.stop()
    expect(named(there.spans, 'POST /api/v2/events').map(({ parentSpanId }) => parentSpanId)).toEqual([
      '00f067aa0ba902b7',
    ])
  })

  it('cost no event when the collector is not there', async () => {
    using folder = temporaryFolder()
    const server = await startServer(folder.path, traced('http://127.0.0.1:9'))
    const { code } = await server.makeClass()
    const bob = await server.join(code)
    await bob.store([bob.event()])
    const { services } = await server.app.stop()
    expect(services.filter(({ outcome }) => outcome !== 'stopped')).toEqual([])
  })

  it('load nothing without a collector', () => {
    using folder = temporaryFolder()
    const script = join(folder.path, 'count.mjs')
    writeFileSync(script, COUNT_LOADED)
    const loaded = (endpoint: string) => Number(execFileSync(process.execPath, [script, folder.path, endpoint]))
    expect(loaded('')).toBe(0)
    expect(loaded('http://127.0.0.1:9')).toBeGreaterThan(0)
  })
})
