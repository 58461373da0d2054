import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { photographFailures, startBrowser } from './harness/browser.ts'
import { linkIn } from './harness/demo.ts'
import { startServer, type LecternServer } from './harness/server.ts'

const EMAIL = 'mika@example.org'
const PASSWORD = 'window on the class room'

let server: LecternServer
let browser: Browser
let page: Page
let link: string

photographFailures(() => browser)

beforeAll(async () => {
  server = await startServer({ adminToken: false })
  link = linkIn(server.output()) ?? ''
  browser = await startBrowser()
  page = await (await browser.newContext()).newPage()
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

/** Sends one run cell as a student whose extension has the join code of the page. */
async function runFirstCell(code: string): Promise<void> {
  const install = crypto.randomUUID()
  const post = async (path: string, body: object, token?: string) => {
    const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) }
    const answer = await fetch(`${server.url}/api/v2${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return (await answer.json()) as { token: string }
  }
  const { token } = await post('/join', { code, install, name: 'Haruto' })
  const at = new Date().toISOString()
  const notebook = { id: 'first', path: 'first.ipynb' }
  const cell = { id: 'one', index: 0, type: 'code' }
  const run = {
    id: crypto.randomUUID(),
    install,
    seq: 1,
    type: 'cell_executed',
    at,
    notebook,
    cell,
    data: { status: 'ok' },
  }
  await post('/events', { events: [run], sentAt: at }, token)
}

describe('the first run of an empty server', () => {
  it('AUT-2 signs the first administrator in by the printed link, and asks for a password', async () => {
    await page.goto(link)
    await page.getByRole('heading', { name: 'Set up your account' }).waitFor()
    await page.getByLabel('Your name').fill('Mika')
    await page.getByLabel('E-mail address').fill(EMAIL)
    await page.getByLabel('New password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Save and go on' }).click()
    await page.getByText('Make your first class').waitFor()
  })

  it('leads through making a class, and shows its join code and how to connect', async () => {
    await page.getByLabel('Name of the class').fill('Python basics')
    await page.getByRole('button', { name: 'Make the class' }).click()
    await page.getByText('Connect your first student').waitFor()
    await page
      .getByText(/[0-9A-Z]{4}-[0-9A-Z]{4}/)
      .first()
      .waitFor()
    await page.getByText('Waiting for the first run cell').waitFor()
  })

  it('celebrates the first event on the page', async () => {
    const code = await page
      .getByText(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/)
      .first()
      .innerText()
    await runFirstCell(code)
    await page.getByText('It works!').waitFor()
    await page.getByText('Haruto').first().waitFor()
    await page.getByRole('button', { name: 'Go to the class' }).click()
    await page.getByRole('heading', { name: 'Students' }).first().waitFor()
  })

  it('AUT-2 does not sign anybody in by the same link again', async () => {
    const other = await (await browser.newContext()).newPage()
    await other.goto(link)
    await other.getByText('This link did not work').waitFor()
    await other.getByRole('link', { name: 'Sign in with a password' }).click()
    await other.getByLabel('E-mail address').fill(EMAIL)
    await other.getByLabel('Password', { exact: true }).fill('not the password')
    await other.getByRole('button', { name: 'Sign in' }).click()
    await other.getByText('Address or password is wrong').waitFor()
    await other.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await other.getByRole('button', { name: 'Sign in' }).click()
    await other.getByText('Python basics').first().waitFor()
    expect(other.url()).not.toContain(PASSWORD)
  })
})
