import { parseArgs } from 'node:util'

/** What a run was asked to be. */
export interface Args {
  students: number
  /** Events a second of all students together, or at the model's own pace. */
  rate: 'realistic' | number
  minutes: number
  seed: number
  url: string
  code: string | undefined
  transport: 'http' | 'ws' | 'mixed'
  speed: number
  demo: boolean
  /** Staff token, to ask the server for what it has. */
  token: string | undefined
  verify: boolean
}

/** Something on the command line can not be; the message says what. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** What the command line may say. */
export const USAGE = `npm run simulate -- --url URL --code CODE [--students 200] [--rate realistic|N] [--minutes 5] [--seed 1]
  [--transport http|ws|mixed] [--speed 1] [--token STAFF_TOKEN | --no-verify] [--demo]
The staff token may also stand in LECTERN_ADMIN_TOKEN.`

function positive(name: string, text: string, most: number): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value > 0 && value <= most) return value
  throw new UsageError(`--${name} must be a number above 0 and at most ${most}; it is "${text}".`)
}

function whole(name: string, text: string, most: number): number {
  const value = positive(name, text, most)
  if (Number.isInteger(value)) return value
  throw new UsageError(`--${name} must be a whole number; it is "${text}".`)
}

function oneOf<T extends string>(name: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((value) => value === text)
  if (found !== undefined) return found
  throw new UsageError(`--${name} must be one of ${allowed.join(', ')}; it is "${text}".`)
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      strict: true,
      options: {
        students: { type: 'string', default: '200' },
        rate: { type: 'string', default: 'realistic' },
        minutes: { type: 'string', default: '5' },
        seed: { type: 'string', default: '1' },
        url: { type: 'string' },
        code: { type: 'string' },
        transport: { type: 'string', default: 'mixed' },
        speed: { type: 'string', default: '1' },
        demo: { type: 'boolean', default: false },
        token: { type: 'string' },
        'no-verify': { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

/** Reads the command line. Throws UsageError. `adminToken`: from the environment. */
export function readArgs(argv: readonly string[], adminToken: string | undefined): Args {
  const values = parse(argv)
  const url = values.url ?? ''
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageError(`--url must be the address of a server, such as http://127.0.0.1:8000; it is "${url}".`)
  }
  const token = values.token ?? adminToken
  if (!values.demo && values.code === undefined) throw new UsageError('--code must be a join code of the class.')
  if (token === undefined && (values.demo || !values['no-verify'])) {
    throw new UsageError(
      'A staff token is needed (--token or LECTERN_ADMIN_TOKEN) to see what the server has; or say --no-verify.',
    )
  }
  return {
    students: whole('students', values.students, 100_000),
    rate: values.rate === 'realistic' ? 'realistic' : positive('rate', values.rate, 1_000_000),
    minutes: positive('minutes', values.minutes, 10_000),
    seed: whole('seed', values.seed, Number.MAX_SAFE_INTEGER),
    url,
    code: values.code,
    transport: oneOf('transport', values.transport, ['http', 'ws', 'mixed']),
    speed: positive('speed', values.speed, 10_000),
    demo: values.demo,
    token,
    verify: !values['no-verify'],
  }
}
