import type { ClassList, JoinCode, JoinCodeList } from '@lectern/protocol'
import type { Answer, Http } from './transport.ts'

const NAME = 'Demo: Python 入門'

async function ask<T>(answering: Promise<Answer>): Promise<T> {
  const { status, body } = await answering
  if (status === 200 || status === 201) return body as T
  throw new Error(`The demo's class could not be made: HTTP ${status}.`)
}

/** The join code of the demo's class, which is made when it is not there. Throws Error when the server refuses. */
export async function demoCode(http: Http, token: string): Promise<string> {
  const { classes } = await ask<ClassList>(http('/api/v2/classes', { method: 'GET', token }))
  const found =
    classes.find(({ name, endedAt }) => name === NAME && endedAt === undefined) ??
    (await ask<ClassList['classes'][number]>(http('/api/v2/classes', { method: 'POST', token, body: { name: NAME } })))
  const path = `/api/v2/classes/${found.id}/codes`
  const { codes } = await ask<JoinCodeList>(http(path, { method: 'GET', token }))
  // One that is open to everybody and stays so.
  const code = codes.find(({ student, expiresAt, maxUses }) => (student ?? expiresAt ?? maxUses) === undefined)
  return code ? code.code : (await ask<JoinCode>(http(path, { method: 'POST', token }))).code
}
