import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { eventually, startServer, temporaryFolder, type TestServer } from './harness.ts'

/** Writes raw bytes and gives everything that comes back until the connection ends. */
async function raw(server: TestServer, bytes: string): Promise<string> {
  const socket = dial(server)
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
  socket.on('error', () => undefined)
  socket.write(bytes)
  await once(socket, 'close')
  return text
}

const dial = (server: TestServer): Socket => connect(Number(new URL(server.url).port), '127.0.0.1')

describe('hostile connections', () => {
  it('ERR-1 answers what is not HTTP with a problem and ends the connection', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    for (const bytes of [
      '\u0016\u0003\u0001\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      `GET /livez HTTP/1.1\r\nx: ${'a'.repeat(70_000)}\r\n\r\n`,
    ]) {
      const answer = await raw(server, bytes)
      expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
      expect(answer).toContain('application/problem+json')
      expect(answer).toContain('"code":"bad_request"')
    }
  })

  it('LIM-1 ends requests whose headers do not come within 10 seconds', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const began = performance.now()
    const answer = await raw(server, 'GET /livez HTTP/1.1\r\nhost: x\r\nx-slow: ')
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    expect(answer).toContain('"code":"timeout"')
    expect(performance.now() - began).toBeLessThan(13_000)
  })

  it('AUT-1 limits the connections of one address that have not shown who they are', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { code } = await server.makeClass()
    const bob = await server.join(code)
    let cut = 0
    const sockets: Socket[] = []
    for (let count = 0; count < 4300; count += 1) {
      sockets.push(
        dial(server)
          .on('error', () => undefined)
          .on('close', () => (cut += 1))
          .resume(),
      )
      if (count % 100 === 0) await new Promise((settle) => setTimeout(settle, 5))
    }
    await eventually(() => (cut >= 200 ? true : undefined))
    expect(cut).toBeLessThan(220)
    // The oldest went, and who has a token is served as before.
    expect(sockets.slice(0, 200).every(({ destroyed }) => destroyed)).toBe(true)
    expect((await bob.post([bob.event()])).status).toBe(200)
    for (const socket of sockets) socket.destroy()
  })

  it('ERR-1 writes one line of log for each event, whatever stands in names', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    await server.makeClass({ name: 'a\r\n{"level":"info","msg":"forged"}' })
    await server.get('/api/v2/session', { body: { email: 'x@y.z', password: 'a\nb' } })
    for (const line of server.lines) {
      expect(line.trimEnd()).not.toContain('\n')
      expect(JSON.parse(line).msg).not.toBe('forged')
    }
    expect(server.lines.join('')).not.toContain('integration-tests-staff-token')
  })
})
