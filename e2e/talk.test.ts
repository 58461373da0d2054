import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { accessFaults } from './harness/axe.ts'
import { photographFailures, startBrowser } from './harness/browser.ts'
import { linkIn } from './harness/demo.ts'
import { joinLive, type LiveStudent } from './harness/live-student.ts'
import { startServer, type LecternServer } from './harness/server.ts'
import { createStaff } from './harness/staff.ts'

const NOTEBOOK = { id: 'python-basics', path: 'lessons/python-basics.ipynb' }
const CELL = { id: 'ex-03', index: 6, type: 'code' }
const PLACE = { notebook: NOTEBOOK, cell: CELL }
const FAILED = { status: 'error', errorName: 'NameError', errorMessage: "name 'total' is not defined", source: 'total' }

let server: LecternServer
let browser: Browser
let page: Page
let classId: string
let aiko: LiveStudent
let ken: LiveStudent

photographFailures(() => browser)

/** What the page did to be noticed: tones that began, and what it showed on the screen. */
declare global {
  interface Window {
    tones: number
    shown: string[]
    isAway: boolean
  }
}

/** Counts what the browser is asked for, and lets the page believe that another window is in front. */
function watchBrowser(): void {
  globalThis.window.tones = 0
  globalThis.window.shown = []
  globalThis.window.isAway = false
  document.hasFocus = () => !globalThis.window.isAway
  const { start } = OscillatorNode.prototype
  OscillatorNode.prototype.start = function (...when) {
    globalThis.window.tones += 1
    return start.apply(this, when)
  }
  const Original = Notification
  globalThis.window.Notification = class extends Original {
    constructor(title: string, options?: NotificationOptions) {
      super(title, options)
      globalThis.window.shown.push(`${title}: ${options?.body}`)
    }
  }
}

const open = (view: string) => page.goto(`${server.url}/#/class/${classId}/${view}`)

beforeAll(async () => {
  server = await startServer()
  const { id, code } = await createStaff(server.url).makeClass('Talk', 2)
  classId = id
  aiko = await joinLive(server.url, code, 'Aiko')
  ken = await joinLive(server.url, code, 'Ken')
  for (const student of [aiko, ken]) await student.say('cell_executed', FAILED, PLACE)
  browser = await startBrowser()
  const context = await browser.newContext({ locale: 'en-GB', permissions: ['notifications'] })
  await context.addInitScript(watchBrowser)
  page = await context.newPage()
  await page.goto(linkIn(server.output()) ?? '')
  await page.getByRole('navigation', { name: 'Views of the class' }).waitFor()
})

afterAll(async () => {
  for (const student of [aiko, ken]) student?.close()
  await browser?.close()
  await server?.stop()
})

it('TLK-6 TLK-7 says by title, sound and on the screen who asks, and tells the student who comes', async () => {
  await open('help')
  await page.getByRole('button', { name: 'Tell me' }).click()
  await page.getByLabel(/By sound/).check()
  // It is on as soon as the browser has allowed it.
  await page.getByLabel(/On the screen/).click()
  await expect.poll(() => page.getByLabel(/On the screen/).isChecked()).toBe(true)
  await page.keyboard.press('Escape')
  // Switching it on lets one hear how it sounds.
  const before = await page.evaluate(() => window.tones)
  expect(before).toBeGreaterThan(0)
  await page.evaluate(() => void (window.isAway = true))
  await aiko.say('help_requested', { message: 'What is wrong with total?' }, PLACE)
  await ken.say('help_requested', {}, PLACE)
  await expect.poll(() => page.title()).toMatch(/^\(2\) Talk/)
  expect(await page.evaluate(() => window.tones)).toBeGreaterThan(before)
  expect((await page.evaluate(() => window.shown))[0]).toBe('Aiko asks for help: What is wrong with total?')
  expect((await ken.next('help', ({ open: isOpen }) => isOpen)).place).toBe(2)

  const entry = page.getByRole('listitem', { name: 'Aiko' })
  await entry.getByText('What is wrong with total?').waitFor()
  await entry.getByText('1 other has this error').waitFor()
  await entry.getByRole('button', { name: 'I go to Aiko' }).click()
  await entry.getByText('You go').waitFor()
  expect((await aiko.next('help', ({ coming }) => coming !== undefined)).place).toBeUndefined()
  expect((await ken.next('help', ({ place }) => place === 1)).open).toBe(true)
})

it('TLK-1 TLK-4 answers all with one error at once, and shows what came of it', async () => {
  await open('errors')
  await page.getByRole('button', { name: 'Answer all 2' }).click()
  await page.getByRole('textbox', { name: 'Text' }).fill('Define total before the loop.')
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByText('Sent to 2 students.').waitFor()
  const { message } = await aiko.next('message')
  expect(message).toMatchObject({ kind: 'hint', text: 'Define total before the loop.', cell: CELL })
  // The requests were about this error: they are answered.
  for (const student of [aiko, ken]) await student.next('help', ({ open: isOpen }) => !isOpen)

  await page.getByRole('link', { name: 'See what comes of it' }).click()
  await page.getByText('2 not seen yet').waitFor()
  await ken.say('message_seen', { message: message.id })
  await aiko.say('message_answered', { message: message.id, outcome: 'applied' })
  await page.getByRole('button', { name: '1 done with it' }).click()
  await page.getByRole('list', { name: 'done with it' }).getByRole('link', { name: 'Aiko' }).waitFor()
  await page.getByRole('button', { name: '1 seen' }).waitFor()
})

it('shows the code of a group only when that is asked for, and the group as solved once it is', async () => {
  await open('errors')
  await page.getByRole('button', { name: 'Show code' }).click()
  await page.locator('.example-code', { hasText: 'total' }).waitFor()
  for (const student of [aiko, ken]) await student.say('cell_executed', { status: 'ok' }, PLACE)
  await page.getByText('solved; 2 had it').waitFor()
  await page.getByText('No two runs fail alike right now.').waitFor()
})

it('TLK-5 shows a banner to everyone until it is ended', async () => {
  await open('talk')
  await page.getByRole('radio', { name: 'Look here' }).click({ force: true })
  await page.getByRole('textbox', { name: 'Text' }).fill('Please look at the screen in front.')
  await page.getByRole('button', { name: 'Send' }).click()
  const { message } = await ken.next('message', (frame) => frame.message.kind === 'banner')
  await page.getByText(/seen by 0 of 2/).waitFor()
  await ken.say('message_seen', { message: message.id })
  await page.getByText(/seen by 1 of 2/).waitFor()
  await page.locator('.standing-banner').getByRole('button', { name: 'End it' }).click()
  expect((await ken.next('messageWithdrawn')).id).toBe(message.id)
  await page.getByText('Over').waitFor()
})

it('has nothing on its views that an accessibility checker finds', async () => {
  await aiko.say('help_requested', { message: 'Once more' }, PLACE)
  for (const view of ['help', 'errors', 'talk']) {
    await open(view)
    await page.locator(`.view-${view} .panel`).first().waitFor()
    expect(await accessFaults(page), view).toEqual([])
  }
})
