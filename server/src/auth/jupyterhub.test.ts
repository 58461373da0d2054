import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHub } from './jupyterhub.ts'

/** What the Hub answers to each token; it answers others with 403. */
const ANSWERS: Readonly<Record<string, { status?: number; body: unknown }>> = {
  'of-a-student': { body: { kind: 'user', name: 'haruto', admin: false, groups: ['monday'], server: null } },
  'of-a-service': { body: { kind: 'service', name: 'cull-idle', admin: true } },
  broken: { body: { name: 7 } },
  failing: { status: 500, body: {} },
}

const server = createServer((request, response) => {
  const token = /^token (.*)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
  const known = request.url === '/base/hub/api/user' && Object.hasOwn(ANSWERS, token) ? ANSWERS[token] : undefined
  if (token === 'moved') return void response.writeHead(302, { location: '/elsewhere' }).end()
  response.writeHead(known?.status ?? (known ? 200 : 403), { 'content-type': 'application/json' })
  response.end(JSON.stringify(known?.body ?? { status: 403 }))
})
let url = ''

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`
})
afterAll(() => void server.close())

describe('tokens of a JupyterHub', () => {
  it('AUT-17 name their user', async () => {
    const { verifyHubToken } = createHub({ url })
    expect(await verifyHubToken('of-a-student')).toEqual({ name: 'haruto', admin: false, groups: ['monday'] })
  })

  it('AUT-17 are refused when the Hub does not know them, or they are of a service', async () => {
    const { verifyHubToken } = createHub({ url })
    for (const token of ['unknown', 'of-a-service', '', 'a b', 'a\r\nb', 'x'.repeat(600)]) {
      await expect(verifyHubToken(token), token).rejects.toMatchObject({ code: 'unauthenticated' })
    }
  })

  it('AUT-17 can not be checked while the Hub does not answer as it should, and are sent nowhere else', async () => {
    const { verifyHubToken } = createHub({ url })
    for (const token of ['broken', 'failing', 'moved']) {
      await expect(verifyHubToken(token), token).rejects.toMatchObject({ code: 'provider_unavailable' })
    }
    const gone = createHub({ url: 'http://127.0.0.1:9' })
    await expect(gone.verifyHubToken('of-a-student')).rejects.toMatchObject({ code: 'provider_unavailable' })
  })
})
