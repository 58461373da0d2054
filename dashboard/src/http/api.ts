import type {
  ClassEdit,
  ClassInfo,
  ClassList,
  ExtensionInfo,
  JoinCode,
  JoinCodeList,
  NewClass,
  NewCode,
  PasswordRequest,
  Problem,
  Roster,
  SessionAnswer,
  TicketAnswer,
} from '@lectern/protocol'
import { ApiProblem } from './problem.ts'

const ROOT = '/api/v2'

async function problemOf(answer: Response): Promise<ApiProblem> {
  const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN)
  const retryAfter = Number.isFinite(seconds) ? seconds : undefined
  const body = (await answer.json().catch(() => ({}))) as Partial<Problem>
  return new ApiProblem({ ...body, status: answer.status }, { retryAfter })
}

interface CallOptions {
  readonly body?: object
  /** Sent as it is, in place of `body`. */
  readonly file?: Blob
  /** True lets the request outlive the page. */
  readonly keepalive?: boolean
}

async function ask(path: string, init: RequestInit): Promise<Response> {
  const answer = await fetch(`${ROOT}${path}`, { ...init, credentials: 'same-origin' }).catch((cause: unknown) => {
    throw new ApiProblem({}, { cause })
  })
  if (!answer.ok) throw await problemOf(answer)
  return answer
}

/** One request under `/api/v2`. Throws `ApiProblem`. */
export async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  const { body, file, keepalive = false } = options
  const type = file?.type ?? (body ? 'application/json' : undefined)
  const content = file ?? (body ? JSON.stringify(body) : undefined)
  const answer = await ask(path, {
    method,
    keepalive,
    headers: { accept: 'application/json', ...(type === undefined ? {} : { 'content-type': type }) },
    ...(content === undefined ? {} : { body: content }),
  })
  return (answer.status === 204 ? undefined : await answer.json()) as T
}

/** A file under `/api/v2`. Throws `ApiProblem`. */
export async function fetchFile(path: string): Promise<Blob> {
  return (await ask(path, {})).blob()
}

/** What a path under `/api/v2` answers, as it comes. Throws `ApiProblem`. */
export async function stream(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const { body } = await ask(path, { signal })
  if (!body) throw new ApiProblem({})
  return body
}

/** Path of a class. */
export const classPath = (id: string) => `/classes/${encodeURIComponent(id)}`

/** Every request of the page. All throw `ApiProblem`. */
export const api = {
  session: () => call<SessionAnswer>('GET', '/session'),
  signOut: () => call<void>('DELETE', '/session'),
  setPassword: (body: PasswordRequest) => call<SessionAnswer>('PUT', '/session/password', { body }),
  classes: () => call<ClassList>('GET', '/classes'),
  makeClass: (body: NewClass) => call<ClassInfo>('POST', '/classes', { body }),
  oneClass: (id: string) => call<ClassInfo>('GET', classPath(id)),
  editClass: (id: string, body: ClassEdit) => call<ClassInfo>('PATCH', classPath(id), { body }),
  codes: (id: string) => call<JoinCodeList>('GET', `${classPath(id)}/codes`),
  makeCode: (id: string, body: NewCode = {}) => call<JoinCode>('POST', `${classPath(id)}/codes`, { body }),
  withdrawCode: (id: string, code: string) =>
    call<void>('DELETE', `${classPath(id)}/codes/${encodeURIComponent(code)}`, { keepalive: true }),
  roster: (id: string) => call<Roster>('GET', `${classPath(id)}/students`),
  resolveHelp: (id: string, student: string) =>
    call<void>('POST', `${classPath(id)}/help/${encodeURIComponent(student)}/resolve`, { keepalive: true }),
  ticket: () => call<TicketAnswer>('POST', '/live/ticket'),
  extension: () => call<ExtensionInfo>('GET', '/extension'),
}
