import { setTimeout as wait } from 'node:timers/promises'
import type { ClassState, NewMessage, People, PersonLink, SessionAnswer } from '@lectern/protocol'
import type { Random } from './random.ts'

const PERSON = { name: 'Sora (demo)', email: 'sora.demo@lectern.example', role: 'member' } as const
const SECOND = 1000
const LOOK_MS = 5 * SECOND
/** Whoever waits for less is left to whoever watches the demo. */
const PATIENCE_MS = 100 * SECOND
const HINT_EVERY_MS = 150 * SECOND
/** A hint is worth it for so many. */
const SHARED = 3

const HINTS: Readonly<Record<string, string>> = {
  NameError:
    '名前のつづりと、定義したセルを実行したかを確かめましょう。 Check the spelling, and run the cell that defines it.',
  TypeError: 'print(type(x)) で型を見てみましょう。 Look at the type of each value with type().',
  KeyError: '辞書のキーを .keys() で確かめましょう。 Print the keys before you use one.',
  IndexError: '添字は 0 から始まります。 Counting begins at 0: what is len() of it?',
  AttributeError: 'メソッド名を dir() で確かめましょう。 See the names it has with dir().',
}
const HINT = 'エラーの最後の行から読んでみましょう。 Read the message from its last line up.'
const ANSWERS = [
  'いま直しました。同じ形で次も試してみてください。 Like this; try the next one in the same way.',
  '一緒に見たとおり、先に型を確かめるといいですよ。 As we saw: look at the type first.',
]

/** Calls as somebody, by cookie or by the staff token. Throws Error when the server refuses. */
async function ask<T>(url: string, call: { method: string; as: Record<string, string>; body?: object }): Promise<T> {
  const { method, as, body } = call
  const answer = await fetch(url, {
    method,
    headers: { ...as, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  if (!answer.ok) throw new Error(`The demo's assistant was refused: HTTP ${answer.status} ${method} ${url}`)
  return (answer.status === 204 ? undefined : await answer.json()) as T
}

interface AssistantOptions {
  url: string
  /** Staff token of an administrator. */
  token: string
  classId: string
  random: Random
  over: AbortSignal
}

/** Gives the assistant an account, a role in the class and a session; the cookie of it. */
async function signIn({ url, token, classId }: AssistantOptions): Promise<string> {
  const api = `${url}/api/v2`
  const admin = { authorization: `Bearer ${token}` }
  const { people } = await ask<People>(`${api}/people`, { method: 'GET', as: admin })
  const known = people.find(({ email }) => email === PERSON.email)
  const { path } = known
    ? await ask<PersonLink>(`${api}/people/${known.id}/recovery`, { method: 'POST', as: admin, body: {} })
    : await ask<PersonLink>(`${api}/people`, { method: 'POST', as: admin, body: PERSON })
  const link = new URLSearchParams(path.split('?', 2)[1]).get('link')
  const answer = await fetch(`${api}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ link }),
  })
  const { user } = (await answer.json()) as SessionAnswer
  const role = { role: 'assistant' }
  await ask(`${api}/classes/${classId}/staff/${user.id}`, { method: 'PUT', as: admin, body: role })
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ')
}

/** The largest group of the same mistake that was not answered yet. */
function worthAHint({ errors }: ClassState, hinted: ReadonlySet<string>) {
  const groups = Object.entries(errors).map(([key, group]) => ({
    key,
    group,
    size: Object.keys(group.students).length,
  }))
  return groups.filter(({ key, size }) => size >= SHARED && !hinted.has(key)).sort((a, b) => b.size - a.size)[0]
}

/** Somebody who helps in the demo's class: goes to whoever waits long, and says something to a group now and then. */
export async function runAssistant(options: AssistantOptions): Promise<void> {
  const { url, classId, random, over } = options
  const as = { cookie: await signIn(options), origin: url }
  const place = `${url}/api/v2/classes/${classId}`
  const say = (body: NewMessage) => ask(`${place}/messages`, { method: 'POST', as, body })
  const hinted = new Set<string>()
  let hintAt = Date.now() + HINT_EVERY_MS / 2

  async function help({ help: requests }: ClassState): Promise<void> {
    const waiting = Object.entries(requests).filter(([, one]) => !one.claimed && Date.now() - one.since > PATIENCE_MS)
    const [student, request] = waiting.sort(([, a], [, b]) => a.since - b.since)[0] ?? []
    if (student === undefined || !request) return
    await ask(`${place}/help/${student}/claim`, { method: 'POST', as, body: {} })
    await wait(random.between(20, 50) * SECOND, undefined, { signal: over })
    const text = random.pick(ANSWERS)
    await say({ to: { students: [student] }, kind: 'message', text, request: request.event, resolves: true })
  }

  async function hint(state: ClassState): Promise<void> {
    const found = Date.now() < hintAt ? undefined : worthAHint(state, hinted)
    if (!found) return
    hintAt = Date.now() + HINT_EVERY_MS
    hinted.add(found.key)
    const { name, notebook, cell } = found.group
    await say({ to: { group: found.key }, kind: 'hint', text: HINTS[name] ?? HINT, notebook, cell })
  }

  while (!over.aborted) {
    const state = await ask<ClassState>(`${place}/state`, { method: 'GET', as })
    // Whoever withdrew meanwhile needs nobody any more.
    await hint(state).catch(() => {})
    await help(state).catch(() => {})
    await wait(LOOK_MS, undefined, { signal: over })
  }
}
