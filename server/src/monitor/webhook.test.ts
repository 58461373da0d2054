import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createWebhook, signatureOf } from './webhook.ts'

interface Post {
  headers: IncomingHttpHeaders
  body: string
}

/** A real receiver that answers the given statuses in turn, then 204. */
async function receiver(statuses: number[]) {
  const posts: Post[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      posts.push({ headers: request.headers, body })
      const status = statuses.shift() ?? 204
      // A status of 0 stands for a connection that ends without an answer.
      if (status === 0) request.socket.destroy()
      else response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  const until = async (count: number) => {
    while (posts.length < count) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return { url, posts, until, [Symbol.dispose]: () => void server.close() }
}

const message = (id: number) =>
  ({
    kind: 'alert',
    what: 'raised',
    alert: { id, threshold: 'cpu', detail: 'Hot.', severity: 'warning', raisedAt: 1 },
  }) as const
const SECRET = 'a secret of sixteen'

function hookTo(url: string) {
  const lost: string[] = []
  const onLost = (reason: string) => lost.push(reason)
  const hook = createWebhook({ url, secret: SECRET, clock: () => 1234, random: () => 0.5, onLost, firstWaitMs: 2 })
  return { hook, lost, [Symbol.dispose]: () => hook.stop() }
}

describe('the webhook', () => {
  it('posts alerts in order, signed over time and body', async () => {
    using there = await receiver([])
    using here = hookTo(there.url)
    here.hook.send(message(1))
    here.hook.send(message(2))
    await there.until(2)
    expect(there.posts.map(({ body }) => JSON.parse(body))).toEqual([message(1), message(2)])
    const [{ headers, body }] = there.posts as [Post]
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-lectern-time': '1234' })
    expect(headers['x-lectern-signature']).toBe(signatureOf(SECRET, '1234', body))
    expect(headers['x-lectern-signature']).not.toBe(signatureOf('another secret 123', '1234', body))
    expect(headers['x-lectern-signature']).not.toBe(signatureOf(SECRET, '1235', body))
  })

  it('tries again after faults that pass, and keeps the order meanwhile', async () => {
    using there = await receiver([500, 0, 429])
    using here = hookTo(there.url)
    here.hook.send(message(1))
    here.hook.send(message(2))
    await there.until(5)
    expect(there.posts.map(({ body }) => JSON.parse(body).alert.id)).toEqual([1, 1, 1, 1, 2])
    expect(here.lost).toEqual([])
  })

  it('gives up what is not wanted, what points elsewhere, and what stays unanswered', async () => {
    using there = await receiver([404, 302, 500, 500, 500, 500, 500, 500])
    using here = hookTo(there.url)
    for (const id of [1, 2, 3, 4]) here.hook.send(message(id))
    await there.until(9)
    expect(there.posts.map(({ body }) => JSON.parse(body).alert.id)).toEqual([1, 2, 3, 3, 3, 3, 3, 3, 4])
    expect(here.lost).toHaveLength(3)
    await expect.poll(() => here.hook.fault()).toBeUndefined()
  })

  it('says why the last alert was lost, until one arrives', async () => {
    using there = await receiver([404])
    using here = hookTo(there.url)
    expect(here.hook.fault()).toBeUndefined()
    here.hook.send(message(1))
    await expect.poll(() => here.hook.fault()).toBe('The webhook does not take alerts.')
    here.hook.send(message(2))
    await expect.poll(() => here.hook.fault()).toBeUndefined()
  })

  it('holds no more than a hundred', async () => {
    using there = await receiver([])
    using here = hookTo(there.url)
    for (let id = 0; id <= 110; id += 1) here.hook.send(message(id))
    expect(here.lost).toHaveLength(10)
    await there.until(101)
    expect(JSON.parse(there.posts.at(-1)?.body ?? '').alert.id).toBe(110)
  })
})
