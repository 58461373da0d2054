import type { ConsentAnswer, ConsentNow } from '../../../protocol/src/consent.ts'
import type { CollectionLevel } from '../../../protocol/src/levels.ts'
import type { EventResult, LecternEvent } from '../../../protocol/src/events.ts'
import { retryAfterMs } from './backoff.ts'
import type { Join, JoinDetails, Membership, Settled } from './outbox.ts'

/** Why something did not work: a code of the server's table, or one of this side's own. */
export interface Problem {
  /** `unreachable`: no answer. `not_lectern`: an answer that is none of Lectern's, as from a captive portal. */
  readonly code: string
  readonly status?: number
  readonly retryAfterMs?: number | undefined
}

/** What a request brought. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem }

/** A request for what is the student's own; `path` is below `/api/v2`, such as `/me/views`. */
export interface OwnRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly body?: object
}

/** What joining would mean (SPEC CON-2). */
export interface Preview {
  readonly className: string
  readonly asks: ConsentNow['asks']
}

/** What an acknowledgement says: of the events that were sent, and up to where everything is settled (SPEC ING-4). */
export interface Acknowledged {
  readonly settled: readonly Settled[]
  readonly through: number
}

/** The routes of a Lectern server that a student's extension uses. */
export interface ServerApi {
  /** What the class asks; sends nothing but the code. */
  preview(details: JoinDetails): Promise<Answer<Preview>>
  join(join: Join): Promise<Answer<Membership>>
  ticket(server: string, token: string): Promise<Answer<string>>
  /** Answers what may be collected, or only asks what is asked and in force (SPEC CON-3). */
  consent(join: Join, answer: ConsentAnswer | undefined): Promise<Answer<ConsentNow>>
  /** Any route with the student's token; an answer without a body is an empty object. */
  own(join: Join, request: OwnRequest): Promise<Answer<Shape>>
  /** A file of the student's own, by its path below `/api/v2`. */
  ownFile(join: Join, path: string): Promise<Answer<Blob>>
  /** Without events it asks where the server stands (SPEC ING-4). */
  send(join: Join, events: readonly LecternEvent[]): Promise<Answer<Acknowledged>>
}

/** Sends a join, or the question what it means, on with the Hub's token, which this side never holds; rejects when nothing answers. */
export type FromHub = (what: 'join' | 'preview', body: string) => Promise<Response>

interface Parts {
  readonly fetch: typeof fetch
  readonly clock: () => number
  readonly timeoutMs?: number
  readonly fromHub?: FromHub
}

const TIMEOUT_MS = 30_000

/** A JSON object whose members nobody has checked yet. */
export type Shape = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Shape => typeof value === 'object' && value !== null

/**
 * What `results` says about the events of a batch. Only ids that were sent count, and only the three known answers
 * (SPEC ING-2); undefined if it is no acknowledgement at all.
 */
function settledBy(results: unknown, events: readonly LecternEvent[]): Settled[] | undefined {
  if (!Array.isArray(results)) return undefined
  const sent = new Map(events.map((event) => [event.id, event]))
  const settled: Settled[] = []
  for (const result of results as readonly Partial<EventResult>[]) {
    const event = typeof result?.id === 'string' ? sent.get(result.id) : undefined
    const { status, code } = result ?? {}
    if (!event || (status !== 'stored' && status !== 'duplicate' && status !== 'refused')) continue
    settled.push({ event, status, ...(typeof code === 'string' ? { code } : {}) })
  }
  return settled
}

/** The acknowledgement in `body`; undefined if it is none. */
export function acknowledgedBy(body: Shape, events: readonly LecternEvent[]): Acknowledged | undefined {
  const settled = settledBy(body['results'], events)
  const through = body['ackedThrough']
  if (!settled || typeof through !== 'number' || !Number.isSafeInteger(through) || through < 0) return undefined
  return { settled, through }
}

const LEVELS = [0, 1, 2, 3, 4] as const
const levelOf = (value: unknown): CollectionLevel | undefined => LEVELS.find((level) => level === value)

/** What the class asks and the student answered; undefined when it is no such word. */
export function consentOf(body: Shape): ConsentNow | undefined {
  const { asks, open } = body
  if (!isObject(asks) || typeof open !== 'boolean') return undefined
  const level = levelOf(asks['level'])
  const { version, retentionDays } = asks
  if (level === undefined || typeof version !== 'number' || typeof retentionDays !== 'number') return undefined
  const inForce = levelOf(body['inForce'])
  return { asks: { level, version, retentionDays }, open, ...(inForce === undefined ? {} : { inForce }) }
}

function previewOf(body: Shape): Preview | undefined {
  const { level, version, retentionDays } = body
  const found = body['class']
  const consent = consentOf({ asks: { level, version, retentionDays }, open: true })
  if (!consent || !isObject(found) || typeof found['name'] !== 'string') return undefined
  return { className: found['name'], asks: consent.asks }
}

function membershipOf(body: Shape): Membership | undefined {
  const { token, student } = body
  const found = body['class']
  if (typeof token !== 'string' || typeof student !== 'string' || !isObject(found)) return undefined
  const asked = levelOf(body['level'])
  if (asked === undefined) return undefined
  const consent = isObject(body['consent']) ? body['consent'] : {}
  const sharing = consent['sharing'] !== false
  const agreed = sharing ? (levelOf(consent['level']) ?? asked) : 0
  const level = agreed < asked ? agreed : asked
  return { token, student, level, sharing, class: { id: String(found['id']), name: String(found['name']) } }
}

async function bodyOf(response: Response): Promise<Shape | undefined> {
  if (response.status === 204) return {}
  try {
    const body: unknown = await response.json()
    return isObject(body) ? body : undefined
  } catch {
    return undefined
  }
}

/** The body of a batch; `sentAt` lets the server correct this computer's clock (SPEC EVT-5). */
export function batchBody(events: readonly LecternEvent[], now: number): string {
  return JSON.stringify({ events, sentAt: new Date(now).toISOString() })
}

/** An answer counts once; told again it is for a server that does not know the student any more (SPEC CON-6). */
const agreed = ({ given, told }: NonNullable<Join['answer']>) => (told ? { consentIfNew: given } : { consent: given })

/** Speaks to the routes under `/api/v2`. Never throws: whatever goes wrong is a problem in the answer. */
export function createServerApi({ fetch, clock, timeoutMs = TIMEOUT_MS, fromHub }: Parts): ServerApi {
  function say(
    url: string,
    body: string | undefined,
    { token, method = 'POST' }: { token?: string | undefined; method?: OwnRequest['method'] } = {},
  ): Promise<Answer<Shape>> {
    const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
    if (token !== undefined) headers['authorization'] = `Bearer ${token}`
    const init: RequestInit = { method, headers, body: body ?? null, credentials: 'omit', cache: 'no-store' }
    return heard(() => fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) }))
  }

  async function heard<T = Shape>(
    ask: () => Promise<Response>,
    read: (response: Response) => Promise<T | undefined> = bodyOf as never,
  ): Promise<Answer<T>> {
    try {
      const response = await ask()
      const value = response.ok ? await read(response) : undefined
      if (value !== undefined) return { ok: true, value }
      const answer = response.ok ? undefined : await bodyOf(response)
      const code = typeof answer?.['code'] === 'string' ? answer['code'] : 'not_lectern'
      const wait = retryAfterMs(response.headers.get('retry-after'), clock())
      return { ok: false, problem: { code, status: response.status, retryAfterMs: wait } }
    } catch {
      return { ok: false, problem: { code: 'unreachable' } }
    }
  }

  /** What comes before the student has a token: at the server, or through the Hub's own. */
  const atDoor = (what: 'join' | 'preview', { server, hub }: JoinDetails, said: object): Promise<Answer<Shape>> => {
    const body = JSON.stringify(said)
    if (hub && fromHub) return heard(() => fromHub(what, body))
    return say(`${server}/api/v2/join${what === 'preview' ? '/preview' : ''}`, body)
  }

  const understood = <T>(answer: Answer<Shape>, read: (body: Shape) => T | undefined): Answer<T> => {
    if (!answer.ok) return answer
    const value = read(answer.value)
    return value === undefined ? { ok: false, problem: { code: 'not_lectern' } } : { ok: true, value }
  }

  return {
    async preview(details) {
      const { code } = details
      return understood(await atDoor('preview', details, code === '' ? {} : { code }), previewOf)
    },
    async join({ install, details, answer }) {
      const { server: _server, hub: _hub, code, ...who } = details
      const said = { install, ...who, ...(code === '' ? {} : { code }), ...(answer && agreed(answer)) }
      return understood(await atDoor('join', details, said), membershipOf)
    },
    async ticket(server, token) {
      const answer = await say(`${server}/api/v2/live/ticket`, '{}', { token })
      return understood(answer, ({ ticket }) => (typeof ticket === 'string' ? ticket : undefined))
    },
    async consent({ details, member }, answer) {
      const url = `${details.server}/api/v2/me/consent`
      const asked = answer
        ? say(url, JSON.stringify(answer), { token: member?.token, method: 'PUT' })
        : say(url, undefined, { token: member?.token, method: 'GET' })
      return understood(await asked, consentOf)
    },
    own({ details, member }, { method, path, body }) {
      const text = body === undefined ? undefined : JSON.stringify(body)
      return say(`${details.server}/api/v2${path}`, text, { token: member?.token, method })
    },
    async ownFile({ details, member }, path) {
      const headers = { authorization: `Bearer ${member?.token ?? ''}` }
      const init: RequestInit = { headers, credentials: 'omit', cache: 'no-store' }
      return heard(
        () => fetch(`${details.server}/api/v2${path}`, init),
        (response) => response.blob(),
      )
    },
    async send({ details, member }, events) {
      const body = batchBody(events, clock())
      const answer = await say(`${details.server}/api/v2/events`, body, { token: member?.token })
      return understood(answer, (given) => acknowledgedBy(given, events))
    },
  }
}
