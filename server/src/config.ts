import { existsSync, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import type { OidcConfig } from './auth/oidc.ts'
import { HUB_SETTINGS, hubSettings, OIDC_SETTINGS, oidcConfig, type HubSettings } from './auth/provider-settings.ts'
import { SECOND_FACTOR_SETTING, SESSION_SETTINGS, type SecondFactorRule } from './auth/settings.ts'
import type { SessionTimes } from './directory/sessions.ts'
import { MONITOR_SETTINGS, type MonitorConfig } from './monitor/settings.ts'
import { openWays } from './open-ways.ts'
import { Refused, type Setting } from './setting.ts'

/** What the server is configured with; every member was checked. */
export interface Config {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  /** Absolute. */
  readonly dataDir: string
  readonly store: 'sqlite'
  /** Origin under which browsers reach the server, without a slash at the end; undefined: host and port. */
  readonly publicUrl: string | undefined
  /** Bearer token for scripts with the rights of an administrator. */
  readonly adminToken: string | undefined
  /** How long the sessions of the staff last. */
  readonly sessionTimes: SessionTimes
  readonly secondFactor: SecondFactorRule
  /** OpenID Connect provider at which the staff may sign in. */
  readonly oidc: OidcConfig | undefined
  /** JupyterHub whose users are known. */
  readonly jupyterhub: HubSettings | undefined
  readonly logLevel: LogLevel
  /** Addresses of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[]
  /** File of the feature flags; absolute. */
  readonly flagsFile: string
  /** File of the server's key; absolute. */
  readonly keyFile: string
  /** Most threads for jobs; undefined: as many as the machine has cores. */
  readonly workers: number | undefined
  /** Limits, alerts and traces. */
  readonly monitor: MonitorConfig
}

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
/** How much the server writes to standard error. */
export type LogLevel = (typeof LOG_LEVELS)[number]

const MOST_WORKERS = 64
const MAX_PORT = 65_535
const ADMIN_TOKEN_CHARS = 32

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(port <= MAX_PORT)) throw new Refused()
  return port
}

function parseWorkers(text: string): number {
  const workers = /^\d{1,3}$/.test(text) ? Number(text) : 0
  if (workers < 1 || workers > MOST_WORKERS) throw new Refused()
  return workers
}

function parseHost(text: string): string {
  if (isIP(text) === 0 && !/^(?!-)[a-z0-9.-]{1,253}$/i.test(text)) throw new Refused()
  return text
}

function parseStore(text: string): 'sqlite' {
  if (text === 'postgres') throw new Refused('this version keeps its data in SQLite only')
  if (text !== 'sqlite') throw new Refused()
  return text
}

function parsePublicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search || url.hash || url.username) {
    throw new Refused()
  }
  return url.origin
}

function parseAdminToken(text: string): string {
  if (!/^[\x21-\x7e]+$/.test(text) || text.length < ADMIN_TOKEN_CHARS) throw new Refused()
  return text
}

function parseLogLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((name) => name === text)
  if (!level) throw new Refused()
  return level
}

function parseProxies(text: string): string[] {
  const entries = text.split(',').map((entry) => entry.trim())
  for (const entry of entries) {
    const [address = '', bits, ...rest] = entry.split('/')
    const max = isIP(address) === 4 ? 32 : 128
    const bitsFit = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= max)
    if (isIP(address) === 0 || !bitsFit || rest.length > 0) throw new Refused(`"${entry}" is none`)
  }
  return entries
}

/** Settings of a part under names of their own: several parts have a `name`. */
const prefixed = (part: string, settings: Record<string, Setting<unknown>>): Record<string, Setting<unknown>> =>
  Object.fromEntries(Object.entries(settings).map(([name, setting]) => [`${part}.${name}`, setting]))

const SETTINGS = {
  host: {
    key: 'LECTERN_HOST',
    fallback: '127.0.0.1',
    what: 'Address to listen on. `0.0.0.0` or `::` makes the server reachable from other machines.',
    allowed: 'an IP address or a host name',
    parse: parseHost,
  },
  port: {
    key: 'LECTERN_PORT',
    fallback: '8000',
    what: 'Port to listen on; 0 lets the system choose one.',
    allowed: 'a whole number from 0 to 65535',
    parse: parsePort,
  },
  dataDir: {
    key: 'LECTERN_DATA_DIR',
    fallback: './data',
    what: 'Folder that holds the databases; made when it is not there. One server at a time may use it.',
    allowed: 'a path',
    parse: (text: string) => resolve(text),
  },
  store: {
    key: 'LECTERN_STORE',
    fallback: 'sqlite',
    what: 'Where events are kept.',
    allowed: '`sqlite`',
    parse: parseStore,
  },
  publicUrl: {
    key: 'LECTERN_PUBLIC_URL',
    fallback: undefined,
    what:
      'Address under which browsers reach the server, when a proxy stands before it. With `https` the session cookie is ' +
      'bound to encrypted connections.',
    allowed: 'an http or https address without a path, such as `https://lectern.example.org`',
    parse: parsePublicUrl,
  },
  adminToken: {
    key: 'LECTERN_ADMIN_TOKEN',
    fallback: undefined,
    what: 'Bearer token with the rights of an administrator, for scripts.',
    allowed: `at least ${ADMIN_TOKEN_CHARS} printable characters without spaces`,
    secret: true,
    parse: parseAdminToken,
  },
  logLevel: {
    key: 'LECTERN_LOG_LEVEL',
    fallback: 'info',
    what: 'How much is written to standard error, one JSON line an event.',
    allowed: LOG_LEVELS.map((level) => `\`${level}\``).join(', '),
    parse: parseLogLevel,
  },
  flagsFile: {
    key: 'LECTERN_FLAGS_FILE',
    fallback: undefined,
    what: 'File of the feature flags, in the format of flagd; not set: `flags.json` in the data folder. It need not be there.',
    allowed: 'a path',
    parse: (text: string) => resolve(text),
  },
  keyFile: {
    key: 'LECTERN_KEY_FILE',
    fallback: undefined,
    what:
      'File of the key that wraps the keys of what students write, made when there is none; not set: `server.key` in the data ' +
      'folder. Without it nothing of theirs can be read: keep a copy apart from the backups.',
    allowed: 'a path',
    parse: (text: string) => resolve(text),
  },
  workers: {
    key: 'LECTERN_WORKERS',
    fallback: undefined,
    what: 'Most threads for jobs such as exports; not set: as many as the machine has cores. Threads start when there is work.',
    allowed: `a whole number from 1 to ${MOST_WORKERS}`,
    parse: parseWorkers,
  },
  trustedProxies: {
    key: 'LECTERN_TRUSTED_PROXIES',
    fallback: undefined,
    what: 'Proxies whose `X-Forwarded-For` is believed; limits by address need it behind a proxy.',
    allowed: 'IP addresses or networks such as `10.0.0.0/8`, separated by commas',
    parse: parseProxies,
  },
  ...SESSION_SETTINGS,
  secondFactor: SECOND_FACTOR_SETTING,
  ...prefixed('oidc', OIDC_SETTINGS),
  ...prefixed('hub', HUB_SETTINGS),
  ...MONITOR_SETTINGS,
} as const satisfies Record<string, Setting<unknown>>

const KEYS = Object.values(SETTINGS).map(({ key }) => key)
const isKnown = (key: string) => KEYS.some((known) => known === key)
const CONFIG_FILE = 'lectern.json'

/** The configuration can not be used; `faults` are whole sentences. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(faults.join('\n'))
    this.faults = faults
  }
}

type Values = Record<string, string | undefined>

interface Sources {
  env: Values
  /** Folder in which the server was started. */
  cwd: string
}

/** Values of one configuration file; adds what is wrong with it to `faults`. */
function readFile(file: string, faults: string[]): Values {
  if (!existsSync(file)) return {}
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    faults.push(`${file} is not valid JSON: ${error instanceof Error ? error.message : String(error)}.`)
    return {}
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    faults.push(`${file} must hold one JSON object with keys such as ${KEYS[0]}.`)
    return {}
  }
  const values: Values = {}
  for (const [key, value] of Object.entries(content)) {
    if (!isKnown(key)) {
      faults.push(`${file} has the key ${key}, which is not known; known are ${KEYS.join(', ')}.`)
    } else if (typeof value === 'string' || typeof value === 'number') {
      values[key] = String(value)
    } else {
      faults.push(`${file}: ${key} is ${JSON.stringify(value)}, but must be a text or a number.`)
    }
  }
  return values
}

function parseSetting<T>(setting: Setting<T>, values: Values, faults: string[]): T | undefined {
  const given = values[setting.key]
  const text = given === undefined || given === '' ? setting.fallback : given
  if (text === undefined) return undefined
  try {
    return setting.parse(text)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    const shown = setting.secret ? `given with ${text.length} characters` : JSON.stringify(text)
    const why = error.message === '' ? '' : `: ${error.message}`
    faults.push(`${setting.key} is ${shown}${why}; allowed is ${setting.allowed.replaceAll('`', '')}.`)
    return undefined
  }
}

/** The settings of one room, under the names that it gave them. */
function parseAll(settings: Readonly<Record<string, Setting<unknown>>>, values: Values, faults: string[]) {
  const entries = Object.entries(settings).map(([name, setting]) => [name, parseSetting(setting, values, faults)])
  return Object.fromEntries(entries) as unknown
}

/**
 * Reads and checks the whole configuration: environment, then `lectern.json` of the data folder, then that of `cwd`.
 * `warnings` name variables that have no effect, and what is not encrypted. Throws `ConfigError` with every fault there is.
 */
export function loadConfig(sources: Partial<Sources> = {}): { config: Config; warnings: string[] } {
  const { env = process.env, cwd = process.cwd() } = sources
  const faults: string[] = []
  const fromCwd = readFile(join(cwd, CONFIG_FILE), faults)
  const folder = resolve(cwd, env[SETTINGS.dataDir.key] || (fromCwd[SETTINGS.dataDir.key] ?? SETTINGS.dataDir.fallback))
  const fromData = folder === resolve(cwd) ? {} : readFile(join(folder, CONFIG_FILE), faults)
  const given = Object.entries(env).filter(([key, value]) => (key.startsWith('LECTERN_') || isKnown(key)) && value)
  const values: Values = {
    ...fromCwd,
    ...fromData,
    ...Object.fromEntries(given),
    [SETTINGS.dataDir.key]: folder,
  }
  const config = {
    host: parseSetting(SETTINGS.host, values, faults),
    port: parseSetting(SETTINGS.port, values, faults),
    dataDir: parseSetting(SETTINGS.dataDir, values, faults),
    store: parseSetting(SETTINGS.store, values, faults),
    publicUrl: parseSetting(SETTINGS.publicUrl, values, faults),
    adminToken: parseSetting(SETTINGS.adminToken, values, faults),
    sessionTimes: parseAll(SESSION_SETTINGS, values, faults),
    secondFactor: parseSetting(SECOND_FACTOR_SETTING, values, faults),
    oidc: oidcConfig(parseAll(OIDC_SETTINGS, values, faults) as Parameters<typeof oidcConfig>[0], faults),
    jupyterhub: hubSettings(parseAll(HUB_SETTINGS, values, faults) as Parameters<typeof hubSettings>[0], faults),
    logLevel: parseSetting(SETTINGS.logLevel, values, faults),
    trustedProxies: parseSetting(SETTINGS.trustedProxies, values, faults) ?? [],
    flagsFile: parseSetting(SETTINGS.flagsFile, values, faults) ?? join(folder, 'flags.json'),
    keyFile: parseSetting(SETTINGS.keyFile, values, faults) ?? join(folder, 'server.key'),
    workers: parseSetting(SETTINGS.workers, values, faults),
    monitor: parseAll(MONITOR_SETTINGS, values, faults),
  }
  if ((config.oidc ?? config.jupyterhub?.signIn) && config.publicUrl === undefined) {
    faults.push('LECTERN_PUBLIC_URL is not set; whoever signs in elsewhere is sent back to it.')
  }
  if (faults.length > 0) throw new ConfigError(faults)
  const idle = given.map(([key]) => key).filter((key) => !isKnown(key))
  // Each member without a fallback may be undefined; the others were parsed, or a fault would have been thrown.
  const checked = config as Config
  const warnings = idle.map((key) => `${key} is set, but has no effect in this version.`)
  return { config: checked, warnings: [...warnings, ...openWays(checked)] }
}

/** `docs/configuration.md`, generated from the settings. */
export function configurationDocument(): string {
  const rows = Object.values(SETTINGS).map(
    ({ key, fallback, what, allowed }) =>
      `| \`${key}\` | ${fallback === undefined ? 'not set' : `\`${fallback}\``} | ${allowed} | ${what} |`,
  )
  return `# Configuration

Generated by \`npm run lectern -- config doc\`; a test keeps it equal to the program.

Each setting is an environment variable, or the same key in \`lectern.json\` in the data folder or in the folder in which
the server is started. The environment wins over the data folder's file, and that over the other. Everything is checked
before anything starts; \`npm run lectern -- config check\` does only that. A key in the file that is not known is an error.

| key | default | allowed | what it does |
| --- | --- | --- | --- |
${rows.join('\n')}
`
}
