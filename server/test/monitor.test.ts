import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { MonitorAnswer, SUBPROTOCOL, SystemPulse, type ServicesAnswer } from '@lectern/protocol'
import { Value } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { loadConfig } from '../src/config.ts'
import type { MonitorConfig } from '../src/monitor/settings.ts'
import { ask, eventually, startServer, temporaryFolder, type TestServer } from './harness.ts'

const { monitor: defaults } = loadConfig({ env: {}, cwd: '/nowhere' }).config
const FAST = { everySeconds: 0.1, holdSeconds: 0 }

const startWith = (folder: string, over: Partial<MonitorConfig>) =>
  startServer(folder, { monitor: { ...defaults, ...FAST, ...over } })

const monitorOf = async (server: TestServer): Promise<MonitorAnswer> =>
  (await server.staff('/api/v2/system/monitor')).json

/** Status and Retry-After with which a new socket is answered; 101 when it opens. */
async function upgrade(server: TestServer): Promise<{ status: number; retryAfter?: string | undefined }> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v2/live`, SUBPROTOCOL)
  socket.on('error', () => undefined)
  const refused = once(socket, 'unexpected-response').then(([, answer]) => ({
    status: answer.statusCode as number,
    retryAfter: answer.headers['retry-after'] as string | undefined,
  }))
  const opened = once(socket, 'open').then(() => ({ status: 101 }))
  const result = await Promise.race([refused, opened])
  socket.terminate()
  return result
}

/** Keeps the server's thread, which is this one, from doing anything. */
function block(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

describe('the monitor', () => {
  it('measures the process, the disk and the log', async () => {
    using folder = temporaryFolder()
    await using server = await startWith(folder.path, { cpuPercent: 100 })
    const { code } = await server.makeClass()
    const bob = await server.join(code)
    await bob.store([bob.event(), bob.event()])
    const answer = await eventually(async () => {
      const found = await monitorOf(server)
      return found.law.stored === 2 && found.series.some(({ eventsPerSecond }) => eventsPerSecond > 0)
        ? found
        : undefined
    })
    expect(Value.Check(MonitorAnswer, answer)).toBe(true)
    expect(answer.law).toEqual({ received: 2, stored: 2, duplicate: 0, refused: 0, holds: true })
    expect(answer.numbers).toMatchObject({ foldLag: 0, queueBytes: 0, sockets: 0 })
    const { residentBytes, heapBytes, diskFreeBytes, diskTotalBytes, ackP50 = 0, ackP99 = 0 } = answer.numbers
    expect(residentBytes).toBeGreaterThan(heapBytes)
    expect(heapBytes).toBeGreaterThan(1e6)
    expect(diskTotalBytes).toBeGreaterThan(diskFreeBytes)
    expect(ackP50).toBeGreaterThan(0)
    expect(ackP99).toBeGreaterThanOrEqual(ackP50)
    const withFiles = await eventually(async () => {
      const { numbers } = await monitorOf(server)
      return numbers.databaseBytes > 0 ? numbers : undefined
    })
    expect(withFiles.databaseBytes).toBeGreaterThan(10_000)
    expect(answer.series.every(({ at }, index, all) => index === 0 || at > (all[index - 1]?.at ?? at))).toBe(true)
  })

  it('LIM-6 puts off history, exports, states and sockets in this order, and takes events all the while', async () => {
    using folder = temporaryFolder()
    await using server = await startWith(folder.path, { memoryBytes: 2 ** 20, everySeconds: 0.5 })
    const { id, code } = await server.makeClass()
    const bob = await server.join(code)
    const seen: string[] = []
    await eventually(async () => {
      const { shedding } = await monitorOf(server)
      if (seen.at(-1) !== shedding.shed.join()) seen.push(shedding.shed.join())
      expect((await bob.post([bob.event()])).status).toBe(200)
      return shedding.shed.length === 4 ? true : undefined
    })
    const order = ['history', 'history,exports', 'history,exports,refresh', 'history,exports,refresh,sockets']
    expect(order.slice(-seen.filter((shed) => shed !== '').length)).toEqual(seen.filter((shed) => shed !== ''))

    const history = await server.staff(`/api/v2/classes/${id}/events`)
    expect(history.json).toMatchObject({ status: 503, code: 'load_shed' })
    expect(history.json.detail).toContain('memory')
    expect(Number(history.headers.get('retry-after'))).toBe(10)
    const state = await server.staff(`/api/v2/classes/${id}/state`)
    expect([state.status, state.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await upgrade(server)).toEqual({ status: 503, retryAfter: '5' })
    // Who may not ask is told that, and nothing of the load.
    expect((await server.get(`/api/v2/classes/${id}/state`)).status).toBe(401)
    expect((await server.staff('/api/v2/classes')).status).toBe(200)
    expect((await bob.post([bob.event()])).status).toBe(200)

    const { shedding, thresholds, alerts } = await monitorOf(server)
    expect(shedding).toMatchObject({
      order: ['history', 'exports', 'refresh', 'sockets', 'ingest'],
      refused: { history: 1, exports: 0, refresh: 1, sockets: 1, ingest: 0 },
    })
    expect(shedding.because).toContain('memory')
    expect(thresholds.find((one) => one.id === 'memory')).toMatchObject({ raised: true, limit: 2 ** 20 })
    const alert = alerts.find(({ threshold }) => threshold === 'memory')
    expect(alert?.detail).toMatch(/^Resident memory: [\d.]+ MB; the limit is 1 MB\.$/)
  })

  it('LIM-6 refuses nothing while nothing is short: the control', async () => {
    using folder = temporaryFolder()
    await using server = await startWith(folder.path, { cpuPercent: 100, loopMs: 60_000 })
    const { id } = await server.makeClass()
    await eventually(async () => ((await monitorOf(server)).series.length > 5 ? true : undefined))
    expect((await server.staff(`/api/v2/classes/${id}/events`)).status).toBe(200)
    expect((await server.staff(`/api/v2/classes/${id}/state`)).status).toBe(200)
    expect((await upgrade(server)).status).toBe(101)
    expect((await monitorOf(server)).shedding.shed).toEqual([])
  })

  it('LIM-6 serves everything again once the shortage is over, and keeps the alert with its end', async () => {
    using folder = temporaryFolder()
    await using server = await startWith(folder.path, { cpuPercent: 100, loopMs: 300 })
    const { id } = await server.makeClass()
    const history = async () => (await server.staff(`/api/v2/classes/${id}/events`)).status
    await eventually(async () => {
      block(500)
      return (await history()) === 503 ? true : undefined
    }, 15_000)
    await eventually(async () => ((await history()) === 200 ? true : undefined), 15_000)
    const done = await eventually(async () => {
      const { alerts } = await monitorOf(server)
      return alerts.find(({ threshold, clearedAt }) => threshold === 'loop-delay' && clearedAt !== undefined)
    })
    expect(done.clearedAt).toBeGreaterThan(done.raisedAt)
  })

  it('posts its alerts to the webhook, signed', async () => {
    using folder = temporaryFolder()
    const posts: { signature: unknown; time: unknown; body: string }[] = []
    const there = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        const { 'x-lectern-signature': signature, 'x-lectern-time': time } = request.headers
        posts.push({ signature, time, body })
        response.writeHead(204).end()
      })
    })
    await new Promise<void>((resolve) => there.listen(0, '127.0.0.1', resolve))
    const webhook = `http://127.0.0.1:${(there.address() as AddressInfo).port}/`
    const webhookSecret = 'sixteen letters or more'
    await using server = await startWith(folder.path, { memoryBytes: 2 ** 20, webhook, webhookSecret })
    const post = await eventually(() => posts.find(({ body }) => body.includes('"memory"')))
    const hmac = createHmac('sha256', webhookSecret)
      .update(`${String(post.time)}.${post.body}`)
      .digest('hex')
    expect(post.signature).toBe(`sha256=${hmac}`)
    const { alerts } = await monitorOf(server)
    expect(JSON.parse(post.body)).toEqual({
      kind: 'alert',
      what: 'raised',
      alert: alerts.find(({ threshold }) => threshold === 'memory'),
    })
    there.close()
  })

  it('shows the webhook as a service, unwell while nothing arrives, and stays ready', async () => {
    using folder = temporaryFolder()
    const there = createServer((_, response) => response.writeHead(404).end())
    await new Promise<void>((resolve) => there.listen(0, '127.0.0.1', resolve))
    const webhook = `http://127.0.0.1:${(there.address() as AddressInfo).port}/`
    await using server = await startWith(folder.path, { memoryBytes: 2 ** 20, webhook })
    const service = async () => {
      const { services } = (await server.staff('/api/v2/system/services')).json as ServicesAnswer
      return services.find(({ name }) => name === 'webhooks')
    }
    expect((await service())?.needs).toEqual(['code', 'monitor'])
    const ill = await eventually(async () => ((await service())?.ok === false ? service() : undefined))
    expect(ill).toMatchObject({ state: 'running', reason: 'The webhook does not take alerts.' })
    expect((await ask(`${server.url}/readyz`)).status).toBe(200)
    there.close()
  })

  it('has its alerts again after a restart, and the service of webhooks is well without an address', async () => {
    using folder = temporaryFolder()
    const over = { cpuPercent: 100, memoryBytes: 2 ** 20 }
    const raised = async (server: TestServer) =>
      (await monitorOf(server)).alerts.filter(({ threshold }) => threshold === 'memory')
    let before: unknown
    {
      await using server = await startWith(folder.path, over)
      before = await eventually(async () => ((await raised(server)).length > 0 ? raised(server) : undefined))
      const { services } = (await server.staff('/api/v2/system/services')).json as ServicesAnswer
      expect(services.find(({ name }) => name === 'webhooks')).toMatchObject({ ok: true, state: 'running' })
    }
    {
      await using server = await startWith(folder.path, { ...over, holdSeconds: 30 })
      expect(await raised(server)).toEqual(before)
    }
    await using server = await startWith(folder.path, { cpuPercent: 100, memoryBytes: 64 * 2 ** 30 })
    await eventually(async () => ((await raised(server))[0]?.clearedAt === undefined ? undefined : true))
    expect(await raised(server)).toHaveLength(1)
  })

  it('SUB-8 sends administrators who watch the system its pulse', async () => {
    using folder = temporaryFolder()
    await using server = await startWith(folder.path, { cpuPercent: 100 })
    const { ticket } = (await server.staff('/api/v2/live/ticket', { method: 'POST' })).json
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v2/live`, SUBPROTOCOL)
    const pulses: SystemPulse[] = []
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString())
      if (frame.kind === 'system') pulses.push(frame)
    })
    await once(socket, 'open')
    socket.send(JSON.stringify({ kind: 'hello', ticket }))
    socket.send(JSON.stringify({ kind: 'watch', topic: 'system' }))
    const pulse = await eventually(() => pulses.find(({ services }) => services.length > 0))
    expect(Value.Errors(SystemPulse, pulse)).toEqual([])
    expect(pulse.connections.kinds).toMatchObject({ admin: 1 })
    expect(pulse.services.map(({ name }) => name)).toEqual(expect.arrayContaining(['log', 'hub', 'monitor', 'watch']))
    socket.terminate()
  })

  it('AUT-1 shows itself to administrators alone, and lets them silence an alert', async () => {
    using folder = temporaryFolder()
    await using server = await startWith(folder.path, { memoryBytes: 2 ** 20 })
    const { code } = await server.makeClass()
    const bob = await server.join(code)
    const path = '/api/v2/system/monitor'
    expect((await server.get(path)).status).toBe(401)
    expect((await ask(server.url + path, { token: bob.token })).status).toBe(403)
    const alert = await eventually(async () => (await monitorOf(server)).alerts.at(-1))
    const mute = (id: number, muteMinutes: number) =>
      server.staff(`/api/v2/system/alerts/${id}`, { method: 'PUT', body: { muteMinutes } })
    const muted = await mute(alert.id, 30)
    expect(muted.status).toBe(200)
    expect(muted.json.mutedUntil - Date.now()).toBeGreaterThan(29 * 60_000)
    expect((await monitorOf(server)).alerts.at(-1)?.mutedUntil).toBe(muted.json.mutedUntil)
    expect((await mute(alert.id, 0)).json).not.toHaveProperty('mutedUntil')
    expect((await mute(4711, 5)).json).toMatchObject({ status: 404, code: 'not_found' })
    expect((await mute(alert.id, -1)).json).toMatchObject({ status: 400, code: 'bad_request' })
    const { entries } = (await server.staff('/api/v2/system/audit?action=alert_muted')).json
    expect(entries).toMatchObject([
      { actor: 'script', target: String(alert.id), details: { muteMinutes: 0 } },
      { actor: 'script', target: String(alert.id), details: { muteMinutes: 30 } },
    ])
  })
})
