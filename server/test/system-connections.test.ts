import { once } from 'node:events'
import { SUBPROTOCOL } from '@lectern/protocol'
import { expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { ADMIN_TOKEN, ask, eventually, startServer, temporaryFolder } from './harness.ts'

it('CLS-1 shows administrators every socket, and closes one so that its client comes back', async () => {
  using folder = temporaryFolder()
  await using server = await startServer(folder.path)
  const url = server.url
  const { ticket } = (await ask(`${url}/api/v2/live/ticket`, { method: 'POST', token: ADMIN_TOKEN })).json
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v2/live`, SUBPROTOCOL)
  await once(socket, 'open')
  const closed = once(socket, 'close')
  socket.send(JSON.stringify({ kind: 'hello', ticket }))
  socket.send(JSON.stringify({ kind: 'watch', topic: 'system' }))
  const heard: any[] = []
  socket.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString('utf8'))))
  const pulse = await eventually(() => heard.find(({ kind }) => kind === 'system'))
  expect(pulse).toMatchObject({ connections: { open: 1, kinds: { admin: 1 } } })

  const path = `${url}/api/v2/system/connections`
  expect((await ask(path)).status).toBe(401)
  expect((await ask(`${path}?kind=nobody`, { token: ADMIN_TOKEN })).status).toBe(400)
  expect((await ask(`${path}?kind=student`, { token: ADMIN_TOKEN })).json).toMatchObject({ connections: [] })
  const { totals, connections } = (await ask(path, { token: ADMIN_TOKEN })).json
  expect(totals.open).toBe(1)
  expect(connections).toMatchObject([{ kind: 'admin', topics: ['system'] }])
  const one = `${path}/${connections[0].id}`
  expect((await ask(one, { method: 'DELETE', token: ADMIN_TOKEN })).status).toBe(204)
  expect((await closed)[0]).toBe(1012)
  expect((await ask(one, { method: 'DELETE', token: ADMIN_TOKEN })).json.code).toBe('not_found')
})
