import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { eventually, freePort } from './ports.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const PYTHON = process.env['LECTERN_TEST_PYTHON'] ?? join(ROOT, '.lectern', 'venv', 'bin', 'python')
const PROXY = join(ROOT, 'node_modules', 'configurable-http-proxy', 'bin', 'configurable-http-proxy')
const START_TIMEOUT_MS = 60_000
const ADMIN_TOKEN = 'end-to-end-hub-token-0123456789abcdef'

/** The password of everybody on the Hub. */
export const HUB_PASSWORD = 'everybody on the hub'

/** A real JupyterHub with its proxy, on free ports, in a folder of its own. Anybody may sign in under any name. */
export interface JupyterHub {
  /** Without `/hub`. */
  readonly url: string
  /** OAuth client of the service `lectern`. */
  readonly clientId: string
  readonly clientSecret: string
  /** A token as the notebook server of this user holds it. */
  token(user: string): Promise<string>
  /** Lets another user of the Hub use the notebook server of `owner`, as the owner may. */
  share(owner: string, other: string): Promise<void>
  output(): string
  stop(): Promise<void>
}

interface HubOptions {
  /** Where the service `lectern` is called back. */
  readonly redirect: string
  readonly admins?: readonly string[]
  readonly groups?: Readonly<Record<string, readonly string[]>>
  /** Folder in which users' notebook servers work, each in one of its user's name. */
  readonly notebooks?: string
  /** What the site sets in the environment of every notebook server. */
  readonly environment?: Readonly<Record<string, string>>
  /** Where it answers, when that has to be known before. */
  readonly port?: number
}

const SECRET = 'end-to-end-service-secret-0123456789'

/** The Hub's configuration, which is Python; values are written as JSON, which is Python too but for true and false. */
function configOf(ports: { hub: number; proxy: number; proxyApi: number }, options: HubOptions): string {
  const { redirect, admins = [], groups = {}, notebooks, environment = {} } = options
  const loaded = Object.fromEntries(Object.entries(groups).map(([name, users]) => [name, { users }]))
  const text = (value: unknown) => JSON.stringify(value)
  return `
c.JupyterHub.bind_url = 'http://127.0.0.1:${ports.proxy}/'
c.JupyterHub.hub_ip = '127.0.0.1'
c.JupyterHub.hub_port = ${ports.hub}
c.ConfigurableHTTPProxy.command = [${text(process.execPath)}, ${text(PROXY)}]
c.ConfigurableHTTPProxy.api_url = 'http://127.0.0.1:${ports.proxyApi}'
c.JupyterHub.authenticator_class = 'dummy'
c.DummyAuthenticator.password = ${text(HUB_PASSWORD)}
c.Authenticator.allow_all = True
c.Authenticator.admin_users = set(${text(admins)})
c.JupyterHub.load_groups = ${text(loaded)}
c.JupyterHub.spawner_class = 'simple'
${notebooks === undefined ? '' : `c.SimpleLocalProcessSpawner.home_dir_template = ${text(`${notebooks}/{username}`)}`}
c.Spawner.environment = ${text(environment)}
c.Spawner.args = ['--allow-root']
c.JupyterHub.services = [
    {'name': 'lectern', 'api_token': ${text(SECRET)}, 'oauth_redirect_uri': ${text(redirect)}, 'oauth_no_confirm': True},
    {'name': 'tests', 'api_token': ${text(ADMIN_TOKEN)}},
]
c.JupyterHub.load_roles = [
    {'name': 'user', 'scopes': ['self', 'access:services!service=lectern']},
    {'name': 'tests', 'scopes': ['admin:users', 'tokens', 'admin:servers', 'shares'], 'services': ['tests']},
]
`
}

interface Call {
  readonly method: string
  readonly path: string
  readonly body?: object
}

/** Asks the Hub as its administrator. */
async function asAdmin(url: string, { method, path, body }: Call): Promise<unknown> {
  const headers = { authorization: `token ${ADMIN_TOKEN}` }
  const answer = await fetch(`${url}/hub/api${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  if (!answer.ok && answer.status !== 409) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return answer.json().catch(() => undefined)
}

/** Starts a JupyterHub; resolves when it answers through its proxy. */
export async function startJupyterHub(options: HubOptions): Promise<JupyterHub> {
  const folder = mkdtempSync(join(tmpdir(), 'lectern-hub-'))
  const [hub, proxy, proxyApi] = [await freePort(), options.port ?? (await freePort()), await freePort()]
  const config = join(folder, 'jupyterhub_config.py')
  writeFileSync(config, configOf({ hub, proxy, proxyApi }, options))
  const path = [dirname(PYTHON), dirname(process.execPath), process.env['PATH']].join(delimiter)
  const child = spawn(PYTHON, ['-m', 'jupyterhub', '-f', config], {
    cwd: folder,
    env: { ...process.env, PATH: path },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const exited = new Promise<void>((settle) => child.once('exit', () => settle()))
  const stop = async () => {
    child.kill('SIGTERM')
    await exited
    rmSync(folder, { recursive: true, force: true })
  }
  const url = `http://127.0.0.1:${proxy}`
  try {
    const isUp = async () => ((await fetch(`${url}/hub/health`)).ok ? true : undefined)
    await eventually('the Hub to answer', isUp, { timeoutMs: START_TIMEOUT_MS })
  } catch (error) {
    await stop()
    throw new Error(`The Hub did not start:\n${said}`, { cause: error })
  }
  return {
    url,
    clientId: 'service-lectern',
    clientSecret: SECRET,
    async token(user) {
      await asAdmin(url, { method: 'POST', path: `/users/${user}` })
      const made = (await asAdmin(url, { method: 'POST', path: `/users/${user}/tokens` })) as { token: string }
      return made.token
    },
    share: async (owner, user) =>
      void (await asAdmin(url, { method: 'POST', path: `/shares/${owner}/`, body: { user } })),
    output: () => said,
    stop,
  }
}
