import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SUBPROTOCOL, type LecternEvent } from '@lectern/protocol'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { createHttp, createPosts, createSocket, Later, type Transport } from './transport.ts'

const fixture = (name: string): any[] =>
  JSON.parse(readFileSync(new URL(`../../protocol/fixtures/${name}.json`, import.meta.url), 'utf8'))
const events = fixture('events.valid').slice(0, 3) as LecternEvent[]
const messages = fixture('messages.server')
const ack = messages.find(({ kind }) => kind === 'ack')
const overloaded = messages.find(({ kind }) => kind === 'error')

/** A server that answers with the messages of the fixtures, whoever asks. */
let server: Server
let sockets: WebSocketServer
let url: string
let answers: any[]
let heard: any[]

beforeEach(async () => {
  answers = []
  heard = []
  server = createServer((request, response) => void answer(request, response))
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    let text = ''
    for await (const part of request) text += String(part)
    if (request.url === '/api/v2/live/ticket') return response.end(JSON.stringify({ ticket: 't-abc', expires: 1 }))
    heard.push({ token: request.headers.authorization, ...JSON.parse(text) })
    const { status = 200, headers = {}, body } = answers.shift()
    return response.writeHead(status, headers).end(JSON.stringify(body))
  }
  sockets = new WebSocketServer({ server, handleProtocols: () => SUBPROTOCOL })
  sockets.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString('utf8'))
      heard.push(message)
      if (message.kind === 'hello')
        for (const one of messages.filter(({ kind }) => ['welcome', 'help', 'beat'].includes(kind)))
          socket.send(JSON.stringify(one))
      if (message.kind === 'events') socket.send(JSON.stringify({ ...answers.shift(), ref: message.ref }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterEach(() => {
  for (const socket of sockets.clients) socket.terminate()
  server.closeAllConnections()
  server.close()
})

async function send(transport: Transport): Promise<unknown> {
  try {
    return await transport.send(events)
  } finally {
    transport.close()
  }
}

it('ING-1 BAT-1 posts batches and reads their answers', async () => {
  const http = createHttp(url)
  const { results, ackedThrough } = ack
  answers.push({ body: { results, ackedThrough } })
  expect(await send(createPosts(http, 'secret'))).toEqual({ results, ackedThrough })
  expect(heard).toMatchObject([{ token: 'Bearer secret', events }])
  expect(Date.parse(heard[0].sentAt)).toBeGreaterThan(0)
  http.close()
})

it('ING-7 takes a refusal for later, with the time the server names', async () => {
  const http = createHttp(url)
  answers.push({ status: 503, headers: { 'retry-after': '7' }, body: {} })
  await expect(send(createPosts(http, 'secret'))).rejects.toMatchObject({ name: 'Later', seconds: 7 })
  answers.push(overloaded)
  await expect(send(createSocket(http, { url, token: 'secret' }))).rejects.toMatchObject({
    seconds: overloaded.retryAfter,
  })
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await expect(send(createPosts(http, 'secret'))).rejects.toBeInstanceOf(Later)
  http.close()
})

it('SUB-1 SUB-6 says hello with its ticket, begins frames of events as it must, and reads acks', async () => {
  const http = createHttp(url)
  answers.push(ack)
  expect(await send(createSocket(http, { url, token: 'secret' }))).toMatchObject({ results: ack.results })
  expect(heard[0]).toEqual({ kind: 'hello', ticket: 't-abc' })
  expect(JSON.stringify(heard[1])).toMatch(/^\{"kind":"events","ref":\d+,/)
  http.close()
})
