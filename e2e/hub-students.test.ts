import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { photographFailures, startBrowser } from './harness/browser.ts'
import { answerConsent } from './harness/consent-page.ts'
import { notebookOf, pipInstall } from './harness/jupyter.ts'
import { HUB_PASSWORD, startJupyterHub, type JupyterHub } from './harness/jupyterhub.ts'
import { freePort } from './harness/ports.ts'
import { startServer, type LecternServer } from './harness/server.ts'
import { createStaff, type Staff } from './harness/staff.ts'
import { runsInLog } from './harness/until.ts'

const STUDENTS = ['haruto', 'mio'] as const
const GROUP = 'python-monday'
const START_TIMEOUT_MS = 90_000

let folder: string
let hub: JupyterHub
let server: LecternServer
let staff: Staff
let browser: Browser
let classId: string
const pages = new Map<string, Page>()

photographFailures(() => browser)

beforeAll(async () => {
  const port = await freePort()
  server = await startServer({ env: { LECTERN_JUPYTERHUB_URL: `http://127.0.0.1:${port}` } })
  staff = createStaff(server.url)
  classId = (await staff.makeClass('On the Hub', 2)).id
  await staff.changeClass(classId, { hub: { open: 'groups', groups: [GROUP] } })
  await pipInstall(`${server.url}/extension/${await staff.wheel()}`)
  folder = mkdtempSync(join(tmpdir(), 'lectern-homes-'))
  for (const user of STUDENTS) {
    mkdirSync(join(folder, user))
    writeFileSync(join(folder, user, 'lists.ipynb'), JSON.stringify(notebookOf({ first: `'${user} was here'` })))
  }
  const environment = { LECTERN_SERVER: server.url, LECTERN_CLASS: classId }
  const groups = { [GROUP]: STUDENTS }
  hub = await startJupyterHub({ port, redirect: `${server.url}/back`, groups, notebooks: folder, environment })
  browser = await startBrowser()
})

afterAll(async () => {
  await browser?.close()
  await hub?.stop()
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const home = (user: string) => `${hub.url}/user/${user}/`

/** Signs in at the Hub and opens the notebook, in a browser of one's own. */
async function open(user: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  await page.goto(`${hub.url}/hub/login?next=%2Fhub%2Fspawn`)
  await page.locator('#username_input').fill(user)
  await page.locator('#password_input').fill(HUB_PASSWORD)
  await page.locator('#login_submit').click()
  await page.waitForURL(`${home(user)}lab**`, { timeout: START_TIMEOUT_MS })
  await page.goto(`${home(user)}lab/tree/lists.ipynb`)
  await page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').first().waitFor({ state: 'attached' })
  return page
}

/** Runs the only cell; again when the kernel was not there yet. */
async function runCell(page: Page): Promise<void> {
  const cell = page.locator('.jp-Notebook .jp-CodeCell').first()
  await expect
    .poll(
      async () => {
        await cell.locator('.jp-InputArea-editor').click()
        await page.keyboard.press('Control+Enter')
        await page.waitForTimeout(1_000)
        return cell.locator('.jp-InputPrompt').innerText()
      },
      { timeout: START_TIMEOUT_MS },
    )
    .toMatch(/\[\d+\]/)
}

/** What the Jupyter server of `owner` answers to the page of `user`, asked as the extension asks. */
async function ask(user: string, owner: string, { path, body }: { path: string; body?: object }) {
  const page = pages.get(user)
  if (!page) throw new Error(`${user} has no page.`)
  return page.evaluate(
    async ({ url, body }) => {
      const [, xsrf = ''] = /_xsrf=([^;]*)/.exec(document.cookie) ?? []
      const sent = body && { method: 'POST', body: JSON.stringify(body) }
      const answer = await fetch(url, { headers: { 'X-XSRFToken': xsrf }, ...sent })
      return { status: answer.status, text: await answer.text() }
    },
    { url: `${home(owner)}lectern/${path}`, body },
  )
}

const joining = (more: object = {}) => ({
  path: 'join',
  body: { install: crypto.randomUUID(), name: 'Somebody', ...more },
})

describe('students of a JupyterHub', () => {
  it('JOI-21 are in the class of the site without a code, as who the Hub says they are', async () => {
    for (const user of STUDENTS) pages.set(user, await open(user))
    for (const page of pages.values()) {
      await answerConsent(page, 2)
      await page.getByText(/^Lectern · \d+ sent/).waitFor()
      await runCell(page)
    }
    const runs = await runsInLog(staff, classId, STUDENTS.length)
    const roster = await staff.roster(classId)
    expect(roster.map(({ name }) => name).toSorted()).toEqual([...STUDENTS])
    for (const { student, data } of runs) {
      const name = roster.find(({ id }) => id === student)?.name
      expect(data['source']).toBe(`'${name} was here'`)
    }
  })

  it('JOI-21 are no others than those of the group', async () => {
    const join = async (user: string) => {
      const body = { install: crypto.randomUUID(), name: user, class: classId, hub: { token: await hub.token(user) } }
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
      return (await fetch(`${server.url}/api/v2/join`, init)).status
    }
    expect([await join('haruto'), await join('ren')]).toEqual([200, 404])
  })

  it('JOI-20 are shown neither the token of the Hub nor a code', async () => {
    const { text } = await ask('haruto', 'haruto', { path: 'site' })
    expect(JSON.parse(text)).toEqual({
      server: server.url,
      class: classId,
      name: 'haruto',
      hub: { user: 'haruto', opens: true },
    })
  })

  it('JOI-20 can not be each other, whatever they send and wherever', async () => {
    const roster = await staff.roster(classId)
    const idOf = (user: string) => roster.find(({ name }) => name === user)?.id
    // What a request says of class, Hub, name and address does not count.
    const forged = { hub: { token: await hub.token('mio') }, class: 'c_none', name: 'mio', email: 'mio@school.example' }
    const own = await ask('haruto', 'haruto', joining(forged))
    expect(JSON.parse(own.text)).toMatchObject({ student: idOf('haruto'), class: { id: classId } })
    // The machine of the other.
    const [install] = (await staff.events(classId))
      .filter(({ student }) => student === idOf('mio'))
      .map((e) => e.install)
    const taken = await ask('haruto', 'haruto', joining({ install }))
    expect([taken.status, JSON.parse(taken.text).code]).toEqual([409, 'conflict'])
    // The Jupyter server of the other: the Hub lets nobody in; and where its owner does, it joins for nobody but the owner.
    expect((await ask('haruto', 'mio', joining())).status).not.toBe(200)
    await hub.share('mio', 'haruto')
    const shared = await pages.get('haruto')?.context().newPage()
    if (!shared) throw new Error('There is no page.')
    await shared.goto(`${home('mio')}lab`)
    // The Hub asks whether this server may know who comes.
    await shared.getByRole('button', { name: 'Authorize' }).click()
    await shared.waitForURL(`${home('mio')}lab**`)
    await shared.locator('#jp-main-dock-panel').waitFor()
    pages.set('haruto at mio', shared)
    const refused = await ask('haruto at mio', 'mio', joining())
    expect([refused.status, refused.text]).toEqual([403, '{"code": "forbidden"}'])
    expect(JSON.parse((await ask('haruto at mio', 'mio', { path: 'site' })).text)).not.toHaveProperty('hub')
    // Events of one's own token are one's own, whatever install they name.
    const { token } = JSON.parse(own.text) as { token: string }
    const event = { id: crypto.randomUUID(), install, seq: 900, type: 'help_requested', at: new Date().toISOString() }
    await fetch(`${server.url}/api/v2/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ events: [{ ...event, data: { message: 'as somebody else' } }] }),
    })
    const asked = (await staff.events(classId)).filter(({ type }) => type === 'help_requested')
    expect(asked.filter(({ student }) => student !== idOf('haruto'))).toEqual([])
  })
  it('JOI-20 are told when Lectern does not answer their notebook server', async () => {
    await server.crash()
    const lost = await ask('haruto', 'haruto', joining())
    expect([lost.status, lost.text]).toEqual([502, '{"code": "unreachable"}'])
    await server.restart()
    expect((await ask('haruto', 'haruto', joining())).status).toBe(200)
  })
})
