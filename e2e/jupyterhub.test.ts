import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { photographFailures, startBrowser } from './harness/browser.ts'
import { HUB_PASSWORD, startJupyterHub, type JupyterHub } from './harness/jupyterhub.ts'
import { freePort } from './harness/ports.ts'
import { startServer, type LecternServer } from './harness/server.ts'
import { createStaff } from './harness/staff.ts'

let hub: JupyterHub
let server: LecternServer
let browser: Browser
/** Another site than the Hub's, as browsers see it. */
let address: string

photographFailures(() => browser)

beforeAll(async () => {
  const port = await freePort()
  address = `http://localhost:${port}`
  hub = await startJupyterHub({
    redirect: `${address}/api/v2/session/jupyterhub/callback`,
    admins: ['prof'],
    groups: { teachers: ['sato'] },
  })
  server = await startServer({
    port,
    publicUrl: address,
    env: {
      LECTERN_JUPYTERHUB_URL: hub.url,
      LECTERN_JUPYTERHUB_CLIENT_ID: hub.clientId,
      LECTERN_JUPYTERHUB_CLIENT_SECRET: hub.clientSecret,
      LECTERN_JUPYTERHUB_ROLES: 'admin=admin,group:teachers=instructor',
    },
  })
  browser = await startBrowser()
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
  await hub?.stop()
})

/** Signs in at the Hub in a browser of one's own; gives the address at which one ends, and who Lectern says one is. */
async function signIn(name: string) {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(`${address}/api/v2/session/jupyterhub`)
  await page.locator('#username_input').fill(name)
  await page.locator('#password_input').fill(HUB_PASSWORD)
  await page.locator('#login_submit').click()
  await page.waitForURL(`${address}/**`)
  const who = await page.evaluate(async () => {
    const answer = await fetch('/api/v2/session')
    return { status: answer.status, body: await answer.json() }
  })
  const end = new URL(page.url())
  await context.close()
  return { at: `${end.pathname}${end.hash}`, status: who.status, user: who.body.user }
}

describe('JupyterHub', () => {
  it('AUT-17 signs its administrators and groups in, with the role that the settings give them, and nobody else', async () => {
    expect(await signIn('prof')).toMatchObject({ at: '/', status: 200, user: { name: 'prof', role: 'admin' } })
    expect(await signIn('sato')).toMatchObject({ at: '/', status: 200, user: { name: 'sato', role: 'instructor' } })
    expect(await signIn('student')).toMatchObject({ at: '/#/refused/sign_in_refused', status: 401 })
    expect((await signIn('sato')).user.role).toBe('instructor')
  })

  it('AUT-17 refuses an answer that another browser was given', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(`${address}/api/v2/session/jupyterhub`)
    const back = `${address}/api/v2/session/jupyterhub/callback?code=stolen&state=${'x'.repeat(43)}`
    await page.goto(back)
    expect(new URL(page.url()).hash).toBe('#/refused/provider_failed')
    await page.goto(back)
    expect(new URL(page.url()).hash).toBe('#/refused/flow_expired')
    await context.close()
  })

  it('JOI-20 says who of its users joins a class', async () => {
    const { code, id } = await createStaff(address).makeClass('Hub', 2)
    const join = async (body: object) => {
      const answer = await fetch(`${address}/api/v2/join`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ install: crypto.randomUUID(), name: 'Haruto', ...body }),
      })
      return (await answer.json()) as { student?: string; code?: string }
    }
    const [token, other] = [await hub.token('haruto'), await hub.token('mio')]
    const { student } = await join({ code, hub: { token } })
    expect(student).toMatch(/^s_/)
    expect(await join({ class: id, hub: { token: await hub.token('haruto') } })).toMatchObject({ student })
    expect(await join({ class: id, hub: { token: other } })).toMatchObject({ code: 'code_invalid' })
    expect(await join({ code, hub: { token: `${token}x` } })).toMatchObject({ code: 'unauthenticated' })
    // A service of the Hub is no student.
    expect(await join({ code, hub: { token: hub.clientSecret } })).toMatchObject({ code: 'unauthenticated' })
  })
})
