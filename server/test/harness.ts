import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BatchResult, JoinAnswer, JoinCode, StateAnswer } from '@lectern/protocol'
import { startApp, type App } from '../src/app.ts'
import { loadConfig, type Config } from '../src/config.ts'
import type { LogFiles } from '../src/store/store.ts'
import { createLogger } from '../src/monitor/logger.ts'

export const ADMIN_TOKEN = 'integration-tests-staff-token-0123456789'

/** A data folder that is removed at the end. */
export function temporaryFolder(): Disposable & { path: string } {
  const path = mkdtempSync(join(tmpdir(), 'lectern-test-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) }
}

export interface Answer {
  status: number
  headers: Headers
  text: string
  /** The body as JSON; undefined where it is none. */
  json: any
}

export interface Ask {
  method?: string
  token?: string
  cookie?: string
  body?: unknown
  headers?: Record<string, string>
}

/** Sends one request; a body that is not text or bytes goes as JSON. */
export async function ask(url: string, { method, token, cookie, body, headers = {} }: Ask = {}): Promise<Answer> {
  const raw = body === undefined || typeof body === 'string' || body instanceof Uint8Array
  const answer = await fetch(url, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(cookie === undefined ? {} : { cookie }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: raw ? (body as string) : JSON.stringify(body) }),
  })
  const text = await answer.text()
  const isJson = /\bjson\b/.test(answer.headers.get('content-type') ?? '')
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    json: isJson && text !== '' ? JSON.parse(text) : undefined,
  }
}

/** The cookies that an answer sets, as a browser would send them. */
export const cookiesOf = (answer: Answer): string[] =>
  answer.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0] ?? '')

/** The session's cookie that an answer sets. */
export const cookieOf = (answer: Answer): string =>
  cookiesOf(answer).find((cookie) => /^(__Host-)?lectern=/.test(cookie)) ?? ''

/** A student of a class, with a sequence of its own. */
export interface TestStudent extends JoinAnswer {
  install: string
  /** A new event, with the next number. */
  event: (over?: Record<string, unknown>) => Record<string, unknown>
  post: (events: unknown[], over?: Ask) => Promise<Answer>
  /** Posts and expects 200. */
  store: (events: unknown[]) => Promise<BatchResult>
}

export interface TestServer extends AsyncDisposable {
  app: App
  url: string
  lines: string[]
  get: (path: string, over?: Ask) => Promise<Answer>
  /** As the administrator's script. */
  staff: (path: string, over?: Ask) => Promise<Answer>
  makeClass: (body?: Record<string, unknown>) => Promise<{ id: string; code: string }>
  join: (code: string, over?: Record<string, unknown>) => Promise<TestStudent>
  state: (id: string) => Promise<StateAnswer>
}

const NOTEBOOK = { id: 'nb-1', path: 'lesson.ipynb' }

function studentOver(url: string, install: string, joined: JoinAnswer): TestStudent {
  let seq = 0
  const post = (events: unknown[], over: Ask = {}) =>
    ask(`${url}/api/v2/events`, { token: joined.token, body: { events }, ...over })
  return {
    ...joined,
    install,
    event: (over = {}) => ({
      id: randomUUID(),
      install,
      seq: (seq += 1),
      type: 'cell_executed',
      at: new Date().toISOString(),
      notebook: NOTEBOOK,
      cell: { id: 'cell-1', index: 0, type: 'code' },
      data: { status: 'ok', durationMs: 5 },
      ...over,
    }),
    post,
    store: async (events) => {
      const answer = await post(events)
      if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`)
      return answer.json
    },
  }
}

/** Starts the real server on a free port. */
export async function startServer(
  dataDir: string,
  over: Partial<Config> = {},
  { clock = Date.now }: { clock?: () => number } = {},
): Promise<TestServer> {
  const lines: string[] = []
  // What a setting is not given for has its default; nothing of this machine's environment is read.
  const { config: defaults } = loadConfig({ env: { LECTERN_DATA_DIR: dataDir }, cwd: dataDir })
  // The tests work in the same process: what they use of the processor is not the server's.
  const monitor = { ...defaults.monitor, cpuPercent: 10_000, loopMs: 60_000 }
  const config: Config = { ...defaults, monitor, port: 0, dataDir, adminToken: ADMIN_TOKEN, logLevel: 'debug', ...over }
  const app = await startApp({
    config,
    clock,
    logger: createLogger(config.logLevel, { write: (line) => lines.push(line) }),
    folders: { dashboard: join(dataDir, 'dashboard'), extension: join(dataDir, 'extension') },
  })
  const { url } = app
  const get = (path: string, options: Ask = {}) => ask(`${url}${path}`, options)
  const staff = (path: string, options: Ask = {}) => get(path, { token: ADMIN_TOKEN, ...options })
  return {
    app,
    url,
    lines,
    get,
    staff,
    async makeClass(body = {}) {
      const { id } = (await staff('/api/v2/classes', { body: { name: 'Class', ...body } })).json
      const { code } = (await staff(`/api/v2/classes/${id}/codes`, { method: 'POST' })).json as JoinCode
      return { id, code }
    },
    async join(code, body = {}) {
      const install = (body['install'] as string | undefined) ?? randomUUID()
      const answer = await get('/api/v2/join', { body: { code, install, name: 'Student', ...body } })
      if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`)
      return studentOver(url, install, answer.json)
    },
    state: async (id) => (await staff(`/api/v2/classes/${id}/state`)).json,
    async [Symbol.asyncDispose]() {
      await app.stop()
    },
  }
}

/** What reads the log of a data folder beside the server. */
export const logFilesOf = (dataDir: string): LogFiles => ({
  file: join(dataDir, 'log.db'),
  vault: {
    keys: join(dataDir, 'keys.db'),
    serverKey: Buffer.from(readFileSync(join(dataDir, 'server.key'), 'utf8'), 'base64'),
  },
})

/** Waits until `check` gives something. */
export async function eventually<T>(check: () => Promise<T | undefined> | T | undefined, withinMs = 5000): Promise<T> {
  const until = performance.now() + withinMs
  for (;;) {
    const found = await check()
    if (found !== undefined) return found
    if (performance.now() > until) throw new Error(`Not within ${withinMs} ms: ${check.toString()}`)
    await new Promise((settle) => setTimeout(settle, 20))
  }
}
