import { once } from 'node:events'
import { roleMay, SOCKET_NEEDS, SUBPROTOCOL, type ClassRole, type SocketMessage } from '@lectern/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { startServer, temporaryFolder, type TestServer } from './harness.ts'
import { CLASSES, makeRoles, type ClassName, type Role, type RolesBed } from './roles-bed.ts'

/** Each message of a client, and the kind of frame that answers it where one does. A new message without an entry fails. */
const MESSAGES: Readonly<Record<SocketMessage, { frame: (id: string) => object; answer?: string }>> = {
  hello: { frame: () => ({ kind: 'hello', ticket: 'again' }) },
  ping: { frame: () => ({ kind: 'ping', ref: 1 }), answer: 'pong' },
  events: { frame: () => ({ kind: 'events', events: [] }), answer: 'ack' },
  subscribe: { frame: (id) => ({ kind: 'subscribe', class: id }), answer: 'snapshot' },
  unsubscribe: { frame: (id) => ({ kind: 'unsubscribe', class: id }) },
  'watch help': { frame: (id) => ({ kind: 'watch', topic: 'help', class: id }), answer: 'helpQueue' },
  'unwatch help': { frame: (id) => ({ kind: 'unwatch', topic: 'help', class: id }) },
  'watch matrix': {
    frame: (id) => ({ kind: 'watch', topic: 'matrix', class: id, notebook: 'nb-1' }),
    answer: 'matrix',
  },
  'unwatch matrix': { frame: (id) => ({ kind: 'unwatch', topic: 'matrix', class: id }) },
  'watch system': { frame: () => ({ kind: 'watch', topic: 'system' }), answer: 'system' },
  'unwatch system': { frame: () => ({ kind: 'unwatch', topic: 'system' }) },
}
const NAMES = Object.keys(MESSAGES) as SocketMessage[]

const folder = temporaryFolder()
let server: TestServer
let bed: RolesBed

async function open(ticket: string) {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v2/live`, SUBPROTOCOL, { origin: server.url })
  const heard: any[] = []
  const closed = once(socket, 'close').then(([code]) => code as number)
  socket.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString('utf8'))))
  await once(socket, 'open')
  socket.send(JSON.stringify({ kind: 'hello', ticket }))
  return { socket, heard, closed }
}

/** Sends one message as this role; says what came: `may`, or why not and the close code. */
async function outcome(name: SocketMessage, role: Role, place: ClassName): Promise<string> {
  const headers = { 'x-forwarded-for': '192.0.2.1', origin: server.url }
  const { json } = await server.get('/api/v2/live/ticket', { ...role.ask, method: 'POST', headers })
  const { socket, heard, closed } = await open(json.ticket ?? 'forged')
  const { frame, answer = 'pong' } = MESSAGES[name]
  socket.send(JSON.stringify(frame(bed.classes[place].id)))
  // A message without an answer is followed by one that has.
  if (MESSAGES[name].answer === undefined) socket.send(JSON.stringify({ kind: 'ping' }))
  await expect.poll(() => heard.some(({ kind }) => kind === answer || kind === 'error'), { interval: 5 }).toBe(true)
  const error = heard.find(({ kind }) => kind === 'error')
  socket.close()
  const code = await closed
  return error ? `${error.detail} ${code}` : 'may'
}

/** The role that counts for a message: in the class that it names, else that of the account. */
function roleFor(name: SocketMessage, { kind, in: inClass }: Role, place: ClassName): ClassRole | undefined {
  if (name === 'subscribe' || name === 'watch help' || name === 'watch matrix')
    return kind === 'student' ? 'student' : inClass[place]
  return kind === 'member' ? undefined : kind
}

function expected(name: SocketMessage, role: Role, place: ClassName): RegExp {
  const { kind } = role
  if (kind === undefined) return /^The ticket is not valid.* 4401$/
  if (name === 'hello') return /socket may not send hello\. 4403$/
  const needs = SOCKET_NEEDS[name]
  const own = roleFor(name, role, place)
  if (needs !== undefined && (own === undefined || !roleMay(own, needs)))
    return new RegExp(`needs the right: ${needs}\\. 4403$`)
  const isForStaff = name.startsWith('un')
  return kind === 'student' && isForStaff ? /student socket may not send .* 4403$/ : /^may$/
}

beforeAll(async () => {
  server = await startServer(folder.path)
  bed = await makeRoles(server)
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

describe('every message on a socket for every role', () => {
  it.each(NAMES)('AUT-20 %s lets in whom the table names, in the own class and in another', async (name) => {
    const found: string[] = []
    for (const role of bed.roles.filter((one) => one.name !== 'loopback')) {
      for (const place of CLASSES) {
        const came = await outcome(name, role, place)
        if (!expected(name, role, place).test(came)) found.push(`${name} as ${role.name} in ${place}: ${came}`)
      }
    }
    expect(found).toEqual([])
  })

  it('AUT-20 is found out when the table says something else', async () => {
    const [assistant, observer] = ['assistant', 'observer'].map((name) => bed.roles.find((role) => role.name === name)!)
    const asked = (role: Role, said: Role) =>
      outcome('subscribe', role, 'own').then((came) => expected('subscribe', said, 'own').test(came))
    expect(await asked(assistant!, assistant!)).toBe(true)
    expect(await asked(assistant!, observer!)).toBe(false)
    expect(await asked(observer!, assistant!)).toBe(false)
  })
})
