// npm start [-- --demo] [SERVER OPTION]...: installs and builds what is missing, starts the server, and with --demo a
// synthetic class that lives in a data folder of its own.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { buildDashboard } from './lib/builds.mjs'
import { follow, main, ROOT, startHelper, Stop } from './lib/process.mjs'
import { ensureRuntime } from './lib/runtime.mjs'

const DEMO_STUDENTS = 200
const READY_TIMEOUT_MS = 60_000
const READY_POLL_MS = 100

/**
 * Settings of a `lectern.json`; a file that is not there or not JSON gives none, and the server says what is wrong with it.
 * @param {string} folder
 * @returns {Record<string, string | number | undefined>}
 */
function settingsIn(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'lectern.json'), 'utf8'))
  } catch {
    return {}
  }
}

/** The address that the server will listen on, from the same places and in the same order as the server reads them. */
function address() {
  const here = settingsIn(ROOT)
  const dataDir = process.env['LECTERN_DATA_DIR'] ?? here['LECTERN_DATA_DIR'] ?? 'data'
  const settings = { ...here, ...settingsIn(resolve(ROOT, String(dataDir))), ...process.env }
  const host = String(settings['LECTERN_HOST'] ?? '127.0.0.1')
  const port = Number(settings['LECTERN_PORT'] ?? 8000)
  return { host, port, reach: host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host }
}

/**
 * Stops with a sentence if another program listens there; gives the port, a free one for port 0.
 * @param {{ host: string, port: number }} where
 * @returns {Promise<number>}
 */
async function freePort({ host, port }) {
  const probe = createServer()
  const found = await new Promise((settle) => {
    probe.once('error', (/** @type {NodeJS.ErrnoException} */ error) => settle(error.code))
    probe.listen(port, host, () => {
      const address = probe.address()
      probe.close(() => settle(typeof address === 'object' ? address?.port : port))
    })
  })
  if (found !== 'EADDRINUSE') return typeof found === 'number' ? found : port
  throw new Stop(
    `Port ${port} on ${host} is in use, perhaps by another Lectern. Stop that program, or choose another port:\n` +
      `  LECTERN_PORT=${port + 1} npm start`,
  )
}

/**
 * Asks again and again until the answer at `url` satisfies `good`; false if `ended` came first or it took too long.
 * @param {string} url
 * @param {{ ended: AbortSignal, headers?: Record<string, string>, good?: (body: any) => boolean }} options
 */
async function answers(url, { ended, headers = {}, good = () => true }) {
  for (const until = performance.now() + READY_TIMEOUT_MS; performance.now() < until && !ended.aborted;) {
    try {
      const answer = await fetch(url, { headers, signal: AbortSignal.timeout(1000) })
      if (answer.ok && good(await answer.json())) return true
    } catch {
      // Not listening yet.
    }
    await wait(READY_POLL_MS)
  }
  return false
}

/** The demo's environment: a fresh data folder, and a staff token that both processes share and nobody sees. */
function demoEnv() {
  const folder = process.env['LECTERN_DATA_DIR'] ?? join(ROOT, '.lectern', 'demo')
  if (process.env['LECTERN_DATA_DIR'] === undefined) rmSync(folder, { recursive: true, force: true })
  const token = process.env['LECTERN_ADMIN_TOKEN'] ?? randomBytes(32).toString('base64url')
  // Two hundred students join at once; their lines in the log would push the sign-in link off the screen.
  return { LECTERN_LOG_LEVEL: 'warn', ...process.env, LECTERN_DATA_DIR: folder, LECTERN_ADMIN_TOKEN: token }
}

await main(async () => {
  const demo = process.argv.includes('--demo')
  const args = process.argv.slice(2).filter((argument) => argument !== '--demo')
  await ensureRuntime(import.meta.url)
  const wanted = address()
  const where = { ...wanted, port: await freePort(wanted) }
  await buildDashboard()

  /** @type {NodeJS.ProcessEnv} */
  const env = { ...(demo ? demoEnv() : process.env), LECTERN_PORT: String(where.port) }
  const server = spawn(process.execPath, [join('server', 'src', 'main.ts'), 'serve', ...args], {
    cwd: ROOT,
    env,
    stdio: 'inherit',
    detached: true,
  })
  const ended = new AbortController()
  const helpers = new Set()
  const url = `http://${where.reach.includes(':') ? `[${where.reach}]` : where.reach}:${where.port}`
  const accompany = async () => {
    if (!(await answers(`${url}/readyz`, { ended: ended.signal }))) return
    helpers.add(startHelper(process.execPath, [join('extension', 'build.mjs'), '--if-changed'], { background: true }))
    if (!demo) return
    const simulate = [join('simulator', 'src', 'main.ts'), '--demo', '--students', String(DEMO_STUDENTS), '--url', url]
    helpers.add(startHelper(process.execPath, simulate, { env, stdio: ['ignore', 'ignore', 'inherit'] }))
    const alive = await answers(`${url}/api/v2/classes`, {
      ended: ended.signal,
      headers: { authorization: `Bearer ${env['LECTERN_ADMIN_TOKEN']}` },
      good: ({ classes }) => classes.some((/** @type {any} */ made) => made.firstEventAt !== undefined),
    })
    if (alive) console.log(`A class of ${DEMO_STUDENTS} synthetic students is running; the link above shows it.\n`)
  }
  void accompany()
  const code = await follow(server)
  ended.abort()
  for (const end of helpers) end()
  return code
})
