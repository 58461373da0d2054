import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { applyChanges, emptyState, SUBPROTOCOL, type ClassState, type SystemPulse } from '@lectern/protocol'
import { afterEach, beforeEach, expect } from 'vitest'
import { WebSocket } from 'ws'
import { requireAnywhere } from '../src/auth/class-rights.ts'
import type { Principal } from '../src/auth/principal.ts'
import { CodedError } from '../src/errors.ts'
import type { Log } from '../src/log/log.ts'
import { startLog } from '../src/log/start.ts'
import { createHub, type Hub } from '../src/hub/hub.ts'

/** Install of every student. */
export const INSTALL = '0192f0c1-7b1a-4c3e-9d55-0a1b2c3d4e5f'
const FIXTURES = new URL('../../protocol/fixtures/messages.server.json', import.meta.url)
/** The system as the fixtures have it. */
export const PULSE: { kind: 'system' } & SystemPulse = JSON.parse(readFileSync(FIXTURES, 'utf8')).find(
  ({ kind }: { kind: string }) => kind === 'system',
)
/** An administrator. */
export const STAFF: Principal = { kind: 'staff', user: 'u1', role: 'admin', session: 'h' }
const found = { id: 'k1', name: 'K', level: 2, created_at: 0, ended_at: null as number | null, retention_days: null }
/** A student of class k1. */
export const student = (name: string): Principal =>
  ({
    kind: 'student',
    class: found,
    student: name,
    install: INSTALL,
    token: name,
    byAddress: false,
    consent: { sharing: true, level: 4, asked: 4, version: 1, research: false },
  }) as unknown as Principal

/** A hub over a real log, whose monotonic clock can be moved on. */
interface Bed {
  folder: string
  log: Log
  hub: Hub
  server: Server
  url: string
  tickets: Map<string, Principal>
  ahead: number
  faults: unknown[]
}
/** The hub of the test that runs. */
export let bed: Bed

/** A hub for every test of the file. */
export function useBed(): void {
  beforeEach(openBed)
  afterEach(closeBed)
}

async function openBed(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lectern-hub-'))
  const log = await startLog({
    dataDir: folder,
    vault: { keys: join(folder, 'keys.db'), serverKey: randomBytes(32) },
    onFault: (detail) => bed.faults.push(detail),
    onExit: (error) => bed.faults.push(error),
  })
  const server = createServer()
  const tickets = new Map<string, Principal>()
  const hub = createHub({
    log,
    clock: Date.now,
    now: () => performance.now() + bed.ahead,
    version: '0.1.0',
    redeem(ticket) {
      const principal = tickets.get(ticket)
      tickets.delete(ticket)
      return principal
    },
    async authorize(principal, needs, classId) {
      if (classId === undefined) requireAnywhere(principal, needs)
      else if (classId !== 'k1') throw new CodedError('forbidden')
    },
    nameOf: async (user) => (user === 'u1' ? 'Aiko Mori' : undefined),
    checkOrigin(headers) {
      if (headers.origin === 'https://evil.example') throw new CodedError('wrong_origin')
    },
    onKnown: () => {},
    acknowledged: () => {},
    failed: () => {},
    trace: () => undefined,
    pulse: () => PULSE,
    residentBytes: () => process.memoryUsage.rss(),
    onFault: (error) => bed.faults.push(error),
  })
  server.on('upgrade', (request, socket, head) => hub.handleUpgrade(request, socket, head))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/api/v2/live`
  bed = { folder, log, hub, server, url, tickets, ahead: 0, faults: [] }
}

async function closeBed(): Promise<void> {
  await bed.hub.stop(1000)
  await bed.log.close()
  bed.server.close()
  rmSync(bed.folder, { recursive: true, force: true })
}

/** A client that keeps what it hears. */
export class Client {
  readonly socket: WebSocket
  readonly heard: any[] = []
  readonly closed: Promise<number>

  constructor(headers: Record<string, string> = {}) {
    this.socket = new WebSocket(bed.url, SUBPROTOCOL, { headers })
    this.socket.on('message', (data: Buffer) => this.heard.push(JSON.parse(data.toString('utf8'))))
    this.closed = new Promise((resolve) => this.socket.on('close', resolve))
  }

  say(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  async until(condition: (message: any) => boolean): Promise<any> {
    for (const deadline = Date.now() + 5000; Date.now() < deadline;) {
      const message = this.heard.find(condition)
      if (message) return message
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    throw new Error(`not heard; heard ${JSON.stringify(this.heard).slice(0, 500)}`)
  }
}

/** A client that has said hello. */
export async function greet(principal: Principal, headers: Record<string, string> = {}): Promise<Client> {
  const client = new Client(headers)
  await once(client.socket, 'open')
  const ticket = `t-${Math.random()}`
  bed.tickets.set(ticket, principal)
  client.say({ kind: 'hello', ticket })
  return client
}

/** A dashboard that follows class k1. */
export async function watch(since?: number): Promise<Client> {
  const client = await greet(STAFF)
  client.say({ kind: 'subscribe', class: 'k1', ...(since === undefined ? {} : { since }) })
  await client.until(({ kind }) => kind === 'snapshot' || kind === 'changes')
  return client
}

let next = 0
/** A number that no event has had. */
export function nextNumber(): number {
  next += 1
  return next
}

/** Stores `count` events of a student, each of another minute so that every one changes the state. */
export async function store(count: number, name = 's1', text = ''): Promise<void> {
  const events = Array.from({ length: count }, () => {
    const number = nextNumber()
    const id = `0192f0c1-7b1a-7000-8000-${String(number).padStart(12, '0')}`
    return {
      id,
      install: INSTALL,
      seq: number,
      type: 'help_requested',
      at: new Date().toISOString(),
      data: { message: text || `m${number}` },
    }
  })
  const bytes = Buffer.from(JSON.stringify({ events }))
  await bed.log.submit({ class: 'k1', student: name, install: INSTALL, level: 2, bytes })
}

/** The state that a reader of these frames holds. */
export function stateOf(heard: any[]): { offset: number; state: ClassState } {
  let held = { offset: 0, state: emptyState() }
  for (const message of heard) {
    if (message.kind === 'snapshot') held = { offset: message.offset, state: message.state }
    if (message.kind !== 'changes') continue
    expect(message.from, 'SUB-3: joins without a gap').toBeLessThanOrEqual(held.offset)
    held = { offset: message.to, state: applyChanges(held.state, message.changes) }
  }
  return held
}

/** Offset and hash of class k1, as the server has them. */
export async function serverState(): Promise<{ offset: number; hash: string }> {
  return JSON.parse(Buffer.from(await bed.log.state('k1')).toString('utf8'))
}
