import { readFileSync } from 'node:fs'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { keepAtLevel, type CollectionLevel } from '@lectern/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessFaults } from './harness/axe.ts'
import { photographFailures, startBrowser } from './harness/browser.ts'
import { answerConsent } from './harness/consent-page.ts'
import { notebookOf, pipInstall, startJupyter, type Jupyter } from './harness/jupyter.ts'
import { openNotebook, type LabPage } from './harness/lab-page.ts'
import { startServer, type LecternServer } from './harness/server.ts'
import { createStaff, type Staff } from './harness/staff.ts'
import { readTraffic, type Traffic } from './harness/traffic.ts'
import { runsInLog } from './harness/until.ts'

const NOTEBOOK = 'consent.ipynb'
const [GOOD, BAD] = [0, 1]
const NAME = 'Aiko Tanaka'
/** What only a level above the number lets through, at the earliest. */
const SECRETS = { 2: ['canary_source', 'canary_message'], 3: ['canary output'] } as const

let server: LecternServer
let staff: Staff
let browser: Browser

photographFailures(() => browser)

beforeAll(async () => {
  server = await startServer()
  staff = createStaff(server.url)
  await pipInstall(`${server.url}/extension/${await staff.wheel()}`)
  browser = await startBrowser()
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

/** A student's browser in front of a notebook, with a class of a level in its settings, or in the address. */
interface Student extends AsyncDisposable {
  readonly classId: string
  readonly code: string
  readonly context: BrowserContext
  readonly lab: LabPage
  readonly page: Page
  readonly jupyter: Jupyter
  readonly traffic: Traffic
}

interface Seat {
  readonly level: CollectionLevel
  readonly settings?: object
  /** Comes by a link instead of settings. */
  readonly link?: boolean
}

async function seat({ level, settings = {}, link = false }: Seat): Promise<Student> {
  const { id, code } = await staff.makeClass(`Level ${level}`, level)
  const own = link ? settings : { server: server.url, code, name: NAME, ...settings }
  const cells = {
    good: `canary_source = 'canary ' + 'output'\nprint(canary_source)`,
    bad: `raise ValueError('canary' + '_message')`,
  }
  const jupyter = await startJupyter({
    notebooks: { [NOTEBOOK]: notebookOf(cells) },
    settings: { '@lectern/jupyterlab:plugin': own },
  })
  const context = await browser.newContext({ acceptDownloads: true })
  const traffic = readTraffic(context, server.url)
  const page = await context.newPage()
  const query = `&lectern-server=${encodeURIComponent(server.url)}&lectern-code=${code}`
  const address = (file: string) => `${jupyter.address(file)}${link ? query : ''}`
  const lab = await openNotebook(page, { ...jupyter, address }, NOTEBOOK)
  return {
    classId: id,
    code,
    context,
    lab,
    page,
    jupyter,
    traffic,
    async [Symbol.asyncDispose]() {
      await context.close()
      await jupyter.stop()
    },
  }
}

const question = (page: Page) => page.getByRole('dialog')
const status = (page: Page) => page.locator('.lectern-status')

/** Opens the panel, and in it the section of this name, when it is folded. */
async function openSection(page: Page, name: string): Promise<void> {
  if (!(await page.locator('#lectern-panel').isVisible())) await status(page).click()
  const heading = page.locator('#lectern-panel').getByRole('button', { name, exact: true })
  if ((await heading.getAttribute('aria-expanded')) !== 'true') await heading.click()
}

/** Waits until all that was captured has been acknowledged. */
async function allSent(page: Page, sent: number): Promise<void> {
  await expect.poll(() => status(page).innerText(), { timeout: 20_000 }).toBe(`Lectern · ${sent} sent`)
}

describe('consent', () => {
  it.each([0, 1, 2, 3, 4] as const)(
    'CON-1 CON-2 LVL-1 shows, takes, enforces and sends the same at level %i, and nothing before the answer',
    async (level) => {
      await using student = await seat({ level })
      const { page, lab, traffic, code } = student
      // The question, before anything else: what is asked, why, who sees it, for how long.
      const dialog = question(page)
      await dialog.getByText(`What may “Level ${level}” see of your work?`).waitFor()
      const values = await dialog.getByRole('radio').evaluateAll((all) => all.map((one) => one.getAttribute('value')))
      expect(values).toEqual(['nothing', ...Array.from({ length: level + 1 }, (_, index) => String(index))])
      for (const text of [
        'Who sees it',
        '180 days after',
        'Nothing of your work has been collected or sent yet',
        server.url,
        NAME,
      ])
        await dialog.getByText(text).waitFor()
      expect(await dialog.getByRole('radio', { checked: true }).count()).toBe(0)
      expect(await dialog.getByRole('button', { name: 'Save my answer' }).isDisabled()).toBe(true)
      // Put off: a run in between is neither sent nor kept for later.
      await dialog.getByRole('button', { name: 'Not now' }).click()
      await lab.runCell(GOOD)
      await page.waitForTimeout(1_500)
      const before = [{ method: 'POST', path: '/api/v2/join/preview', body: JSON.stringify({ code }) }]
      expect(traffic.requests()).toEqual(before)
      expect(traffic.frames()).toEqual([])
      await status(page).click()
      await page.locator('#lectern-panel').getByRole('button', { name: 'Answer …' }).click()
      await answerConsent(page, level)
      await lab.runCell(GOOD)
      await lab.runCell(BAD)
      const runs = await runsInLog(staff, student.classId, 2)
      expect(runs.map(({ data }) => data['executionCount'])).toEqual([2, 3])
      // What was answered is what the server was told, and what it says is in force.
      const joins = traffic.requests().filter(({ path }) => path === '/api/v2/join')
      const consent = { sharing: true, level, version: 1, research: false }
      expect(joins.map(({ body }) => JSON.parse(body).consent)).toEqual([consent])
      await openSection(page, 'What I share')
      const panel = page.locator('#lectern-panel')
      const entry = panel.locator('.lectern-list li').first()
      const names = ['Times and sizes', 'Up to results', 'Up to code', 'Up to output', 'Up to edits']
      await expect.poll(() => entry.innerText()).toContain(`Agreed to: ${names[level]}`)
      // What left is what the level allows, letter by letter, and what the log holds.
      const log = new Map((await staff.events(student.classId)).map((event) => [event.id, event]))
      const left = traffic.events()
      await allSent(page, left.length)
      for (const { id, type, data } of left) {
        expect(data, type).toEqual(keepAtLevel(type as never, data, level))
        expect(log.get(id)?.data, type).toEqual(data)
      }
      const everything = [...traffic.requests().map(({ body }) => body), ...traffic.frames()].join('\n')
      for (const [needed, words] of Object.entries(SECRETS)) {
        for (const word of words) expect(everything.includes(word), `${word} at ${level}`).toBe(level >= Number(needed))
      }
      expect(new Set([...traffic.hosts()].map((host) => host.split(':')[0]))).toEqual(new Set(['127.0.0.1']))
      // The panel shows exactly that.
      await openSection(page, 'What was sent')
      const rows = panel.locator('.lectern-events summary')
      await expect.poll(() => rows.count()).toBe(left.length)
      for (const row of await rows.all()) await row.click()
      await expect.poll(() => panel.locator('.lectern-events pre').count()).toBe(left.length)
      const shown = await panel.locator('.lectern-events pre').allTextContents()
      expect(new Set(shown.map((json) => JSON.parse(json).id))).toEqual(new Set(left.map(({ id }) => id)))
      for (const json of shown) expect(traffic.carried(json), json).toBe(true)
    },
  )

  it('CON-1 CON-5 respects "no": the class sees only that, nothing is captured, and help still works', async () => {
    await using student = await seat({ level: 3 })
    const { page, lab, traffic } = student
    await answerConsent(page, 'nothing')
    await expect.poll(() => status(page).innerText()).toBe('Lectern: not sharing')
    await lab.runCell(GOOD)
    await lab.runCell(BAD)
    await page.getByRole('button', { name: 'Ask for help' }).click()
    await question(page).getByRole('button', { name: 'Ask', exact: true }).click()
    const asked = async () => Object.values((await staff.state(student.classId)).help)
    await expect.poll(async () => (await asked()).length, { timeout: 20_000 }).toBe(1)
    const everything = [...traffic.requests().map(({ body }) => body), ...traffic.frames()].join('\n')
    expect(everything).not.toContain('canary')
    expect(new Set(traffic.events().map(({ type }) => type))).toEqual(new Set(['help_requested']))
    const roster = await staff.roster(student.classId)
    expect(roster).toMatchObject([{ name: NAME, sharing: false }])
    // A change of mind holds from then on.
    await openSection(page, 'What I share')
    await page.locator('#lectern-panel').getByRole('button', { name: 'Change …' }).click()
    await answerConsent(page, 1)
    await lab.runCell(BAD)
    const [run] = await runsInLog(staff, student.classId, 1)
    expect(run?.data).toMatchObject({ status: 'error', errorName: 'ValueError', executionCount: 3 })
    await page.locator('#lectern-panel').getByRole('button', { name: 'Stop sharing' }).click()
    await expect.poll(() => status(page).innerText()).toMatch(/^Lectern: not sharing/)
    await expect
      .poll(() => page.locator('#lectern-panel .lectern-list li').allInnerTexts())
      .toEqual([/Agreed to nothing/, /Up to results/, /Agreed to nothing/].map((text) => expect.stringMatching(text)))
  })

  it('pauses, also over a reload, captures nothing meanwhile, and resumes', async () => {
    await using student = await seat({ level: 2 })
    const { page, lab, traffic } = student
    await answerConsent(page, 2)
    await lab.runCell(GOOD)
    await runsInLog(staff, student.classId, 1)
    await openSection(page, 'What I share')
    await page.locator('#lectern-panel').getByRole('button', { name: 'Until I resume' }).click()
    await expect.poll(() => status(page).innerText()).toMatch(/^Lectern: paused/)
    const count = traffic.events().length
    await lab.runCell(BAD)
    await page.reload()
    const again = await openNotebook(page, { ...student.jupyter, address: () => page.url() }, NOTEBOOK)
    await expect.poll(() => status(page).innerText()).toMatch(/^Lectern: paused/)
    await again.runCell(BAD)
    await page.waitForTimeout(1_500)
    expect(
      traffic
        .events()
        .slice(count)
        .map(({ type }) => type),
    ).toEqual([])
    await openSection(page, 'What I share')
    await page.locator('#lectern-panel').getByRole('button', { name: 'Resume' }).first().click()
    await again.runCell(GOOD)
    const runs = await runsInLog(staff, student.classId, 2)
    expect(runs.map(({ cell, data }) => [cell?.id, data['status']])).toEqual([
      ['good', 'ok'],
      ['good', 'ok'],
    ])
  })

  it('JOI-1 joins by a link with nothing in the settings, leaves with what waits, and comes back', async () => {
    await using student = await seat({ level: 2, link: true })
    const { page, lab, code, traffic } = student
    const form = question(page)
    await form.getByText('Join a class').waitFor()
    expect(await form.getByLabel('Join code, or the link').inputValue()).toBe(code)
    expect(await form.getByLabel('Address of the server').inputValue()).toBe(server.url)
    expect(page.url()).not.toContain('lectern-')
    expect(traffic.requests()).toEqual([])
    await form.getByLabel('Your name').fill(NAME)
    await page.keyboard.press('Enter')
    await answerConsent(page, 2)
    await lab.runCell(GOOD)
    await runsInLog(staff, student.classId, 1)
    await student.context.route(`${server.url}/**`, (route) => route.abort())
    await openSection(page, 'Class')
    await page.locator('#lectern-panel').getByRole('button', { name: 'Leave on this computer …' }).click()
    await question(page).getByRole('button', { name: 'Leave', exact: true }).click()
    await expect.poll(() => status(page).innerText()).toBe('Lectern: not joined')
    await student.context.unroute(`${server.url}/**`)
    const count = traffic.requests().length
    await lab.runCell(BAD)
    await page.waitForTimeout(1_000)
    expect(traffic.requests().length).toBe(count)
    await page.locator('#lectern-panel').getByRole('button', { name: 'Come back' }).click()
    await lab.runCell(GOOD)
    const runs = await runsInLog(staff, student.classId, 2)
    expect(runs.map(({ data }) => data['executionCount'])).toEqual([1, 3])
    expect(new Set(runs.map((run) => run.student)).size).toBe(1)
  })

  it('PRI-5 shows who looked, saves everything, and deletes it with what is kept here', async () => {
    await using student = await seat({ level: 2 })
    const { page, lab } = student
    await answerConsent(page, 2)
    await lab.runCell(GOOD)
    const [run] = await runsInLog(staff, student.classId, 1)
    const panel = page.locator('#lectern-panel')
    await openSection(page, 'My data')
    await panel.getByRole('button', { name: 'Look again' }).click()
    await panel.getByText('read the events of the class').first().waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      panel.getByRole('button', { name: 'Download all of it' }).click(),
    ])
    const lines = readFileSync(await download.path(), 'utf8')
      .trimEnd()
      .split('\n')
    expect(download.suggestedFilename()).toBe('my-lectern-data.jsonl')
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ schema: 'lectern-own-data', name: NAME })
    expect(lines.slice(1).map((line) => JSON.parse(line).id)).toContain(run?.id)
    await panel.getByRole('button', { name: 'Delete all of it …' }).click()
    const confirm = question(page).getByRole('button', { name: 'Delete for good' })
    await expect.poll(() => confirm.isDisabled()).toBe(true)
    await question(page).getByLabel('Type delete to confirm').fill('delete')
    await confirm.click()
    await expect.poll(() => status(page).innerText(), { timeout: 20_000 }).toBe('Lectern: not joined')
    expect(await staff.roster(student.classId)).toEqual([])
    expect(JSON.stringify(await staff.events(student.classId))).not.toContain('canary')
    const kept = await page.evaluate(async () => {
      const databases = await indexedDB.databases()
      const rows = databases.map(
        ({ name = '' }) =>
          new Promise<string[]>((resolve) => {
            const opening = indexedDB.open(name)
            opening.onsuccess = () => {
              const stores = [...opening.result.objectStoreNames]
              const all = stores.map(
                (store) =>
                  new Promise<string>((settle) => {
                    const asked = opening.result.transaction(store).objectStore(store).getAll()
                    asked.onsuccess = () => settle(JSON.stringify(asked.result))
                  }),
              )
              void Promise.all(all).then(resolve)
            }
          }),
      )
      return (await Promise.all(rows)).flat().join('\n')
    })
    expect(kept).not.toContain('canary')
    // Whoever comes back is asked as at the first time.
    await panel.getByRole('button', { name: 'Come back' }).click()
    await question(page).getByText('Nothing of your work has been collected or sent yet').waitFor()
  })

  it('is used by keyboard alone, and has no fault against WCAG that axe finds', async () => {
    await using student = await seat({ level: 4 })
    const { page } = student
    await question(page).getByRole('radio').first().waitFor()
    expect(await accessFaults(page, '.jp-Dialog')).toEqual([])
    await page.keyboard.press('Space')
    for (const _ of [0, 1, 2]) await page.keyboard.press('ArrowDown')
    expect(await question(page).getByRole('radio', { checked: true }).getAttribute('value')).toBe('2')
    for (const _ of [0, 1, 2]) await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await expect.poll(() => status(page).innerText()).toMatch(/^Lectern · /)
    await status(page).focus()
    await page.keyboard.press('Enter')
    await openSection(page, 'What was sent')
    await openSection(page, 'My data')
    await page.locator('.lectern-events summary').first().focus()
    await page.keyboard.press('Enter')
    await page.locator('.lectern-events pre').first().waitFor()
    expect(await accessFaults(page, '#lectern-panel')).toEqual([])
  })
})
