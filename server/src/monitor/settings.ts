import { Refused, type Setting } from '../setting.ts'

/** What is free on the disk of the data folder should be more than both: bytes, and a share from 0 to 1. */
export interface DiskLimit {
  readonly bytes: number
  readonly share: number
}

/** What is watched and from where on it is an alert. */
export interface MonitorConfig {
  /** Percent of all processor cores. */
  readonly cpuPercent: number
  /** Resident bytes. */
  readonly memoryBytes: number
  readonly disk: DiskLimit
  /** Events committed and not yet folded. */
  readonly foldLag: number
  readonly queueBytes: number
  readonly loopMs: number
  readonly deadJobs: number
  /** 0: never. */
  readonly silenceMinutes: number
  /** How often everything is measured. */
  readonly everySeconds: number
  /** So long must a value stay beyond a limit before it counts, and so long back within before it counts no more. */
  readonly holdSeconds: number
  readonly webhook: string | undefined
  readonly webhookSecret: string | undefined
  /** Where traces go; undefined: none are made. */
  readonly tracesEndpoint: string | undefined
  /** Share of the batches that are traced, 0 to 1. */
  readonly tracesRatio: number
}

const UNITS: Readonly<Record<string, number>> = { B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 }
const SECRET_CHARS = 16
const MAX_SILENCE_MINUTES = 1_440
const MAX_HOLD_SECONDS = 600

/** Bytes of a size such as `512MB`. Throws `Refused`. */
function parseSize(text: string): number {
  const [, digits, unit = ''] = /^(\d{1,9}(?:\.\d{1,3})?) ?([KMGT]?B)$/i.exec(text) ?? []
  const factor = UNITS[unit.toUpperCase()]
  if (digits === undefined || factor === undefined) throw new Refused()
  return Math.round(Number(digits) * factor)
}

/** A reader of numbers from `min` to `max`. */
function numberIn(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,12}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= min && value <= max)) throw new Refused()
    return value
  }
}

function parseDisk(text: string): DiskLimit {
  const limit = { bytes: 0, share: 0 }
  for (const part of text.split(',').map((entry) => entry.trim())) {
    const percent = /^(\d{1,2}(?:\.\d{1,3})?)%$/.exec(part)?.[1]
    if (percent === undefined) limit.bytes = parseSize(part)
    else limit.share = Number(percent) / 100
  }
  return limit
}

function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.hash) throw new Refused()
  return text.replace(/\/+$/, '')
}

function parseSecret(text: string): string {
  if (text.length < SECRET_CHARS) throw new Refused()
  return text
}

/** The settings of monitoring, for `config.ts`. */
export const MONITOR_SETTINGS = {
  cpuPercent: {
    key: 'LECTERN_CPU_LIMIT',
    fallback: '80',
    what: 'Share of all processor cores, in percent, from which on the server raises an alert and puts work off.',
    allowed: 'a number from 0.1 to 100',
    parse: numberIn(0.1, 100),
  },
  memoryBytes: {
    key: 'LECTERN_MEMORY_LIMIT',
    fallback: '4GB',
    what: 'Resident memory from which on the server raises an alert and puts work off.',
    allowed: 'a size such as `512MB` or `4GB`',
    parse: parseSize,
  },
  disk: {
    key: 'LECTERN_DISK_FREE_LIMIT',
    fallback: '5%,1GB',
    what: 'Free space on the disk of the data folder below which the server raises an alert and makes no exports.',
    allowed: 'a share such as `5%`, a size such as `1GB`, or both, separated by a comma: then the larger holds',
    parse: parseDisk,
  },
  foldLag: {
    key: 'LECTERN_FOLD_LAG_LIMIT',
    fallback: '20000',
    what: 'Events stored and not yet in the state of their class from which on the server raises an alert and puts work off.',
    allowed: 'a number from 1 to 1000000000',
    parse: numberIn(1, 1e9),
  },
  queueBytes: {
    key: 'LECTERN_QUEUE_LIMIT',
    fallback: '16MB',
    what: 'Size of what waits to be stored from which on the server raises an alert and puts work off; at 32 MB it takes no more.',
    allowed: 'a size such as `16MB`',
    parse: parseSize,
  },
  loopMs: {
    key: 'LECTERN_LOOP_DELAY_LIMIT',
    fallback: '250',
    what: 'Delay of the event loop (99th percentile of two seconds), in milliseconds, from which on the server raises an alert and puts work off.',
    allowed: 'a number from 1 to 60000',
    parse: numberIn(1, 60_000),
  },
  deadJobs: {
    key: 'LECTERN_DEAD_JOBS_LIMIT',
    fallback: '1',
    what: 'Jobs whose every attempt failed from which on the server raises an alert.',
    allowed: 'a number from 1 to 1000000',
    parse: numberIn(1, 1e6),
  },
  silenceMinutes: {
    key: 'LECTERN_SILENCE_MINUTES',
    fallback: '10',
    what: 'Minutes without an event from a class that sent steadily and whose students are connected, after which the server raises an alert; 0 for never.',
    allowed: `a number from 0 to ${MAX_SILENCE_MINUTES}`,
    parse: numberIn(0, MAX_SILENCE_MINUTES),
  },
  everySeconds: {
    key: 'LECTERN_MONITOR_SECONDS',
    fallback: '2',
    what: 'How often the server measures itself, in seconds; the last ten minutes are kept.',
    allowed: 'a number from 0.1 to 60',
    parse: numberIn(0.1, 60),
  },
  holdSeconds: {
    key: 'LECTERN_ALERT_HOLD_SECONDS',
    fallback: '10',
    what: 'Seconds that a value stays beyond its limit before an alert is raised, and back within it before the alert is cleared.',
    allowed: `a number from 0 to ${MAX_HOLD_SECONDS}`,
    parse: numberIn(0, MAX_HOLD_SECONDS),
  },
  webhook: {
    key: 'LECTERN_ALERT_WEBHOOK',
    fallback: undefined,
    what: 'Address to which alerts are sent as JSON when they are raised and when they are cleared.',
    allowed: 'an http or https address',
    parse: parseUrl,
  },
  webhookSecret: {
    key: 'LECTERN_ALERT_WEBHOOK_SECRET',
    fallback: undefined,
    what: 'Secret with which what is sent to the webhook is signed (HMAC with SHA-256).',
    allowed: `at least ${SECRET_CHARS} characters`,
    secret: true,
    parse: parseSecret,
  },
  tracesEndpoint: {
    key: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    fallback: undefined,
    what: 'Address of an OpenTelemetry collector (OTLP over HTTP) that is sent traces of events.',
    allowed: 'an http or https address, such as `http://127.0.0.1:4318`',
    parse: parseUrl,
  },
  tracesRatio: {
    key: 'LECTERN_TRACE_RATIO',
    fallback: '0.1',
    what: 'Share of the batches of events that are traced; a client that sends `traceparent` decides for its own.',
    allowed: 'a number from 0 to 1',
    parse: numberIn(0, 1),
  },
} as const satisfies { readonly [K in keyof MonitorConfig]: Setting<MonitorConfig[K]> }
