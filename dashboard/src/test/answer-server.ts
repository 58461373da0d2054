import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request that came, e.g. `PUT /classes/k1/staff/u2`, with its body. */
export interface Asked {
  readonly what: string
  readonly body: unknown
}

/** A server that answers each request under `/api/v2` with what the test gives for it, else with 404. */
export async function startAnswerServer(answers: Readonly<Record<string, unknown>>) {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      const what = `${request.method} ${request.url?.replace('/api/v2', '')}`
      asked.push({ what, body: text === '' ? undefined : JSON.parse(text) })
      const answer = answers[what]
      response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(answer ?? { code: 'not_found', status: 404 }))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((settle) => server.close(settle))
    },
  }
}
