import type { NewMessage, NewMessageAnswer, PersonLink } from '@lectern/protocol'
import type { Browser, Page } from 'playwright-core'
import { ADMIN_TOKEN } from './server.ts'

/** Somebody of the staff with a name, signed in at the dashboard in a browser of their own. */
export interface Instructor {
  readonly page: Page
  /** Writes to students; gives the message's id. */
  say(classId: string, message: NewMessage): Promise<string>
  /** Withdraws a message, or ends a banner. */
  unsay(classId: string, message: string): Promise<void>
  /** Says that this one goes to a student. */
  claim(classId: string, student: string): Promise<void>
  resolve(classId: string, student: string): Promise<void>
}

/** Invites an administrator of this name and signs them in by the link. */
export async function signInInstructor(browser: Browser, url: string, name: string): Promise<Instructor> {
  const email = `${name.toLowerCase().replaceAll(' ', '.')}@school.example`
  const invited = await fetch(`${url}/api/v2/people`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name, email, role: 'admin' }),
  })
  const { path } = (await invited.json()) as PersonLink
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
  await page.goto(`${url}${path}`)
  await page.waitForURL((at) => !at.hash.includes('link='))
  const ask = (method: string, target: string, body?: object) =>
    page.evaluate(
      async ({ method, target, body }) => {
        const sent = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
        const answer = await fetch(`/api/v2${target}`, { method, ...sent })
        if (!answer.ok) throw new Error(`${method} ${target}: ${answer.status} ${await answer.text()}`)
        return (answer.status === 204 ? {} : await answer.json()) as unknown
      },
      { method, target, body },
    )
  return {
    page,
    say: async (classId, message) =>
      ((await ask('POST', `/classes/${classId}/messages`, message)) as NewMessageAnswer).id,
    unsay: async (classId, message) => void (await ask('DELETE', `/classes/${classId}/messages/${message}`)),
    claim: async (classId, student) => void (await ask('POST', `/classes/${classId}/help/${student}/claim`, {})),
    resolve: async (classId, student) => void (await ask('POST', `/classes/${classId}/help/${student}/resolve`)),
  }
}
