import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { ADMIN_TOKEN, ask, temporaryFolder } from '../harness.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const SIMULATE = fileURLToPath(new URL('../../../simulator/src/main.ts', import.meta.url))
const KILL_EVERY_MS = 3_000
const READY_WITHIN_MS = 20_000

async function freePort(): Promise<number> {
  const probe = createServer()
  await once(probe.listen(0, '127.0.0.1'), 'listening')
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}

function serve(port: number, dataDir: string): ChildProcess {
  const env = {
    ...process.env,
    LECTERN_PORT: String(port),
    LECTERN_DATA_DIR: dataDir,
    LECTERN_ADMIN_TOKEN: ADMIN_TOKEN,
  }
  return spawn(process.execPath, [MAIN, 'serve'], { env, stdio: 'ignore' })
}

async function untilReady(url: string): Promise<void> {
  for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline;) {
    const ready = await ask(`${url}/readyz`).catch(() => undefined)
    if (ready?.status === 200) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('The server did not become ready.')
}

async function simulate(url: string, code: string, args: string[]): Promise<any> {
  const env = { ...process.env, LECTERN_ADMIN_TOKEN: ADMIN_TOKEN }
  const child = spawn(process.execPath, [SIMULATE, '--url', url, '--code', code, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (part: Buffer) => (out += part.toString('utf8')))
  child.stderr.on('data', (part: Buffer) => (err += part.toString('utf8')))
  await once(child, 'close')
  const last = out.trim().split('\n').at(-1)
  if (!last) throw new Error(err.slice(-2000))
  return JSON.parse(last)
}

it('ING-1 ING-3 LOG-1 loses and doubles nothing when the server is killed again and again under load', async () => {
  using folder = temporaryFolder()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let server = serve(port, folder.path)
  try {
    await untilReady(url)
    const made = await ask(`${url}/api/v2/classes`, { token: ADMIN_TOKEN, body: { name: 'Killed' } })
    const codes = await ask(`${url}/api/v2/classes/${made.json.id}/codes`, { method: 'POST', token: ADMIN_TOKEN })
    let kills = 0
    const killer = setInterval(() => {
      kills += 1
      server.kill('SIGKILL')
      void once(server, 'exit').then(() => (server = serve(port, folder.path)))
    }, KILL_EVERY_MS)
    const result = await simulate(url, codes.json.code, [
      '--students',
      '40',
      '--rate',
      '600',
      '--minutes',
      '0.25',
      '--seed',
      '5',
    ]).finally(() => clearInterval(killer))
    expect(kills).toBeGreaterThanOrEqual(4)
    expect(result).toMatchObject({ lost: 0, doubled: 0, disordered: 0, waiting: 0, refused: 0 })
    expect(result.sent).toBeGreaterThan(5000)
    expect(result.retries).toBeGreaterThan(0)
    // It may have been killed once more at the very end.
    await untilReady(url)
    const events = await ask(`${url}/api/v2/classes/${made.json.id}/events?after=0&limit=10000`, { token: ADMIN_TOKEN })
    expect(events.json.events.length).toBe(Math.min(10_000, result.sent))
  } finally {
    server.kill('SIGKILL')
  }
}, 90_000)
