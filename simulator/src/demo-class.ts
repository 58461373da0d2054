import type { ClassList, JoinCode, JoinCodeList, LessonList } from '@lectern/protocol'
import type { Answer, Http } from './transport.ts'

const NAME = 'Demo: Python 入門'

async function ask<T>(answering: Promise<Answer>): Promise<T> {
  const { status, body } = await answering
  if (status === 200 || status === 201) return body as T
  throw new Error(`The demo's class could not be made: HTTP ${status}.`)
}

/** Begins a lesson of the demo's class, unless one goes on since the demo ran last. */
async function beginLesson(http: Http, { path, token }: { path: string; token: string }): Promise<void> {
  const { lessons } = await ask<LessonList>(http(`${path}/lessons`, { method: 'GET', token }))
  if (lessons.some(({ to }) => to === undefined)) return
  await ask(http(`${path}/lessons`, { method: 'POST', token, body: {} }))
}

/**
 * The join code of the demo's class, which is made when it is not there, and in which a lesson goes on from now. Throws Error when
 * the server refuses.
 */
export async function demoCode(http: Http, token: string): Promise<string> {
  const { classes } = await ask<ClassList>(http('/api/v2/classes', { method: 'GET', token }))
  const found =
    classes.find(({ name, endedAt }) => name === NAME && endedAt === undefined) ??
    (await ask<ClassList['classes'][number]>(http('/api/v2/classes', { method: 'POST', token, body: { name: NAME } })))
  const path = `/api/v2/classes/${found.id}/codes`
  await beginLesson(http, { path: `/api/v2/classes/${found.id}`, token })
  const { codes } = await ask<JoinCodeList>(http(path, { method: 'GET', token }))
  // One that is open to everybody and stays so.
  const code = codes.find(({ student, expiresAt, maxUses }) => (student ?? expiresAt ?? maxUses) === undefined)
  return code ? code.code : (await ask<JoinCode>(http(path, { method: 'POST', token }))).code
}
