import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { createHttp } from './transport.ts'
import { judgeLog, readLog } from './verify.ts'

const log = [1, 2, 3, 4].map((offset) => ({
  offset,
  id: `e${offset}`,
  install: offset % 2 ? 'a' : 'b',
  seq: Math.ceil(offset / 2),
}))
const ids = new Set(log.map(({ id }) => id))
const sound = { lost: 0, doubled: 0, disordered: 0, gaps: 0, found: 4 }

it('ING-1 LOG-1 finds a sound log sound', () => {
  expect(judgeLog(log, ids)).toEqual(sound)
})

it('ING-1 LOG-1 control: finds what was lost, doubled, swapped or left out', () => {
  const [one, two, three, four] = log
  expect(judgeLog(log.slice(0, 3), ids)).toMatchObject({ lost: 1 })
  expect(judgeLog([...log, { ...four!, offset: 5 }], ids)).toMatchObject({ lost: 0, doubled: 1 })
  expect(judgeLog([{ ...three!, offset: 1 }, two!, { ...one!, offset: 3 }, four!], ids)).toMatchObject({
    lost: 0,
    disordered: 1,
  })
  expect(judgeLog([one!, two!, four!], ids)).toMatchObject({ lost: 1, gaps: 1 })
})

it('LIM-6 reads on after the server put reading off, and gives up on any other refusal', async () => {
  const answers = [
    { status: 503, retryAfter: 0.01, body: {} },
    { status: 200, retryAfter: undefined, body: { events: log, next: 4 } },
    { status: 200, retryAfter: undefined, body: { events: [], next: 4 } },
    { status: 403, retryAfter: undefined, body: {} },
  ]
  const server = createServer((_request, response) => {
    const { status, retryAfter, body } = answers.shift()!
    if (retryAfter !== undefined) response.setHeader('retry-after', String(retryAfter))
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const http = createHttp(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  expect(await readLog(http, 'k1', 'token')).toEqual(log)
  await expect(readLog(http, 'k1', 'token')).rejects.toThrow('HTTP 403')
  http.close()
  server.close()
})
