import type { MessageState } from '@lectern/protocol'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessFaults } from './harness/axe.ts'
import { photographFailures, startBrowser } from './harness/browser.ts'
import { answerConsent } from './harness/consent-page.ts'
import { signInInstructor, type Instructor } from './harness/instructor.ts'
import { notebookOf, pipInstall, startJupyter, type Jupyter } from './harness/jupyter.ts'
import { openNotebook, type LabPage } from './harness/lab-page.ts'
import { joinLive, type LiveStudent } from './harness/live-student.ts'
import { startServer, type LecternServer } from './harness/server.ts'
import { createStaff, type Staff } from './harness/staff.ts'
import { runsInLog } from './harness/until.ts'

const PLUGIN = '@lectern/jupyterlab:plugin'
const NOTEBOOK = 'division.ipynb'
const CELLS = { good: '6 * 7', bad: '6 / 0', last: '"last"' }
const LONG = 'long.ipynb'
const MANY = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`c${n}`, `value_${n} = ${n}`]))
const QUESTION = 'Why can I not divide?'
const LEVEL = 2
const TIMEOUT = { timeout: 20_000 }

let server: LecternServer
let staff: Staff
let jupyter: Jupyter
let browser: Browser
let aiko: Instructor
const classmates: LiveStudent[] = []
let lab: LabPage
let page: Page
let made: { id: string; code: string }
let student: string

/** A notebook whose copies all have this identity, so that the staff can name it. */
function handedOut(id: string, cells: Readonly<Record<string, string>>): object {
  const notebook = notebookOf(cells) as { readonly metadata: object }
  return { ...notebook, metadata: { ...notebook.metadata, lectern: { id } } }
}

photographFailures(() => browser)

beforeAll(async () => {
  server = await startServer()
  staff = createStaff(server.url)
  made = await staff.makeClass('Division', LEVEL)
  await pipInstall(`${server.url}/extension/${await staff.wheel()}`)
  jupyter = await startJupyter({
    notebooks: { [NOTEBOOK]: handedOut(NOTEBOOK, CELLS), [LONG]: handedOut(LONG, MANY) },
    settings: { [PLUGIN]: { server: server.url, code: made.code, name: 'Mio' } },
  })
  browser = await startBrowser()
  aiko = await signInInstructor(browser, server.url, 'Aiko Mori')
  for (const name of ['Ren', 'Yui', 'Sora', 'Hana']) classmates.push(await joinLive(server.url, made.code, name))
  await classmates[0]?.say('help_requested', { message: 'I was first' })
  page = await (await browser.newContext()).newPage()
  lab = await openNotebook(page, jupyter, NOTEBOOK)
  await answerConsent(page, LEVEL)
  await lab.runCell(0)
  const [run] = await runsInLog(staff, made.id, 1)
  student = run?.student ?? ''
})

afterAll(async () => {
  for (const { close } of classmates) close()
  await browser?.close()
  await jupyter?.stop()
  await server?.stop()
})

const panel = () => page.locator('#lectern-panel')
const cellAt = (index: number) => page.locator('.jp-Notebook .jp-CodeCell').nth(index)
const note = (index: number) => cellAt(index).locator('.lectern-suggestion')
const notice = (text: string | RegExp) => page.locator('.Toastify__toast', { hasText: text })
const notebook = { id: NOTEBOOK, path: NOTEBOOK }
const cellOf = (id: keyof typeof CELLS) => ({ id, index: Object.keys(CELLS).indexOf(id), type: 'code' as const })
const to = () => ({ students: [student] })

/** What the state of the class says has become of a message. */
const outcome = async (message: string): Promise<MessageState | undefined> =>
  (await staff.state(made.id)).messages[message]?.students[student]
async function expectOutcome(message: string, state: MessageState): Promise<void> {
  await expect.poll(() => outcome(message), TIMEOUT).toBe(state)
}

describe('asking for help', () => {
  it('TLK-7 is done by keyboard, with a sentence, and shows the place in the queue', async () => {
    await cellAt(1).locator('.jp-InputArea-editor').click()
    await page.keyboard.press('Control+Alt+h')
    await page.getByRole('dialog').locator('input').waitFor()
    await page.keyboard.type(QUESTION)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'You are number 2 in the queue' }).waitFor(TIMEOUT)
    const request = (await staff.state(made.id)).help[student]
    expect(request).toMatchObject({ message: QUESTION, cell: { id: 'bad' }, notebook: { path: NOTEBOOK } })
  })

  it('TLK-7 shows that one is next, and who is coming, also after a reload', async () => {
    await aiko.resolve(made.id, classmates[0]?.id ?? '')
    await page.getByRole('button', { name: 'You are next' }).click()
    await panel().getByText(QUESTION).waitFor()
    await aiko.claim(made.id, student)
    await panel().getByText('Aiko Mori is coming').waitFor(TIMEOUT)
    await page.reload()
    await page.getByRole('button', { name: 'Aiko Mori is coming' }).waitFor({ timeout: 60_000 })
    await page.getByRole('button', { name: 'Aiko Mori is coming' }).click()
    await panel().getByText(QUESTION).waitFor()
  })

  it('TLK-2 shows the answer as a notice that leaves the keyboard alone, and keeps it in the panel', async () => {
    await cellAt(2).locator('.jp-InputArea-editor').click()
    const text = 'Nobody can divide by <b>nothing</b>.'
    const { event } = (await staff.state(made.id)).help[student] ?? {}
    const message = await aiko.say(made.id, {
      to: to(),
      kind: 'message',
      text,
      request: event,
      resolves: true,
    } as never)
    await notice(`Aiko Mori: ${text}`).waitFor(TIMEOUT)
    await page.keyboard.type('#still here ')
    expect(await cellAt(2).locator('.jp-InputArea-editor').innerText()).toContain('still here')
    await expectOutcome(message, 'seen')
    await panel().getByText(text).waitFor()
    await panel().getByText('Answer to your request').waitFor()
    await page.getByRole('button', { name: 'Ask for help' }).first().waitFor(TIMEOUT)
    expect((await staff.state(made.id)).help[student]).toBeUndefined()
  })

  it('STA-6 can be taken back, in the panel', async () => {
    await panel().getByLabel('What do you need help with?').fill('Again')
    await panel().getByRole('button', { name: 'Ask for help' }).click()
    await expect.poll(async () => (await staff.state(made.id)).help[student]?.message, TIMEOUT).toBe('Again')
    await panel().getByRole('button', { name: 'Withdraw' }).click()
    await expect.poll(async () => (await staff.state(made.id)).help[student], TIMEOUT).toBeUndefined()
    await panel().getByLabel('What do you need help with?').waitFor()
  })
})

describe('suggestions of the staff', () => {
  it('TLK-1 TLK-4 a hint stands beside its cell, is shown on demand, and its outcome is in the state', async () => {
    const text = 'Look at the number below the line.'
    const hint = await aiko.say(made.id, { to: to(), kind: 'hint', text, notebook, cell: cellOf('bad') })
    await note(1).getByText('Aiko Mori has a hint for this cell').waitFor(TIMEOUT)
    await expectOutcome(hint, 'seen')
    expect(await note(1).getByText(text).count()).toBe(0)
    // By keyboard, in a notebook that has keys of its own.
    await note(1).getByRole('button', { name: 'Show the hint' }).focus()
    await page.keyboard.press('Enter')
    await note(1).getByText(text).waitFor()
    await expectOutcome(hint, 'applied')
    await aiko.page.goto(`${server.url}/#/class/${made.id}/talk`)
    // A page that was open while the class was empty greets its first student before anything else.
    await aiko.page.reload()
    await aiko.page.getByText(text).waitFor()
    await aiko.page.getByRole('button', { name: '1 done with it' }).click()
    await aiko.page.getByRole('list', { name: 'done with it' }).getByRole('link', { name: 'Mio' }).waitFor()
    await note(1).getByRole('button', { name: 'Close the hint' }).click()
    await note(1).waitFor({ state: 'detached' })
  })

  it('TLK-1 TLK-4 a cell is put in only when the student says so, below its place', async () => {
    const text = 'divisor = 2\n6 / divisor'
    const cell = await aiko.say(made.id, { to: to(), kind: 'cell', text, notebook, cell: cellOf('bad') })
    await note(1).getByText('divisor = 2').waitFor(TIMEOUT)
    await expectOutcome(cell, 'seen')
    expect(await page.locator('.jp-Notebook .jp-CodeCell').count()).toBe(3)
    for (const part of ['#lectern-panel', '.lectern-suggestion'])
      expect(await accessFaults(page, part), part).toEqual([])
    await note(1).getByRole('button', { name: 'Insert below' }).click()
    await expectOutcome(cell, 'applied')
    expect(await page.locator('.jp-Notebook .jp-CodeCell').count()).toBe(4)
    expect(await cellAt(2).locator('.jp-InputArea-editor').innerText()).toContain('6 / divisor')
    await panel().getByText('Inserted').waitFor()
  })

  it('TLK-4 can wait in the panel, be declined, and be withdrawn', async () => {
    const say = (text: string) => aiko.say(made.id, { to: to(), kind: 'cell', text, notebook, cell: cellOf('good') })
    const kept = await say('print("later")')
    await note(0).getByRole('button', { name: 'Later' }).click()
    await expectOutcome(kept, 'later')
    await note(0).waitFor({ state: 'detached' })
    const item = panel().locator('.lectern-messages > li', { hasText: 'print("later")' })
    await item.getByRole('button', { name: 'Insert below' }).waitFor()
    await item.getByRole('button', { name: 'No, thanks' }).click()
    await expectOutcome(kept, 'declined')
    await item.getByText('Declined').waitFor()
    const wrong = await say('print("wrong cell")')
    await note(0).getByText('wrong cell').waitFor(TIMEOUT)
    await aiko.unsay(made.id, wrong)
    await note(0).waitFor({ state: 'detached' })
    await panel().getByText('wrong cell').waitFor({ state: 'detached' })
  })

  it('TLK-1 a hint far down is gone to by its notice, and stands below its cell', async () => {
    const open = page.locator('.jp-DirListing-item', { hasText: LONG })
    await open.dblclick()
    const text = 'This is far down.'
    const place = { notebook: { id: LONG, path: LONG }, cell: { id: 'c90', index: 90, type: 'code' as const } }
    await page.locator('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell').first().waitFor()
    const hint = await aiko.say(made.id, { to: to(), kind: 'hint', text, ...place })
    await notice('Aiko Mori has a hint for you').getByRole('button', { name: 'Show' }).click()
    const far = page.locator('.jp-CodeCell', { has: page.locator('.lectern-suggestion') })
    await far.getByRole('button', { name: 'Show the hint' }).click()
    await far.getByText(text).waitFor()
    expect(await far.locator('.jp-InputArea-editor').innerText()).toContain('value_90')
    const [above, below] = [far.locator('.jp-Cell-inputWrapper'), far.locator('.lectern-suggestion')]
    expect((await below.boundingBox())?.y).toBeGreaterThan((await above.boundingBox())?.y ?? Infinity)
    await expectOutcome(hint, 'applied')
    await page.locator('.lm-TabBar-tab', { hasText: LONG }).locator('.lm-TabBar-tabCloseIcon').click()
    await page.getByRole('button', { name: 'Discard' }).click()
  })

  it('TLK-3 what came while its notebook was closed opens it', async () => {
    await page.locator('.lm-TabBar-tab', { hasText: NOTEBOOK }).locator('.lm-TabBar-tabCloseIcon').click()
    await page.getByRole('button', { name: 'Discard' }).click()
    await page.locator('.jp-Notebook').waitFor({ state: 'detached' })
    const text = 'Where is the divisor?'
    const hint = await aiko.say(made.id, { to: to(), kind: 'hint', text, notebook, cell: cellOf('bad') })
    await notice('Aiko Mori has a hint for you').getByRole('button', { name: 'Show' }).click()
    await expectOutcome(hint, 'seen')
    await panel().getByRole('button', { name: 'Open the notebook' }).click()
    await note(1).getByRole('button', { name: 'No, thanks' }).click({ timeout: 60_000 })
    await expectOutcome(hint, 'declined')
  })

  it('TLK-5 a banner stands at the top until it is over', async () => {
    const banner = await aiko.say(made.id, { to: { everyone: true }, kind: 'banner', text: 'Pause and look here' })
    await page.locator('.lectern-banner').getByText('Pause and look here').waitFor(TIMEOUT)
    await expectOutcome(banner, 'seen')
    expect(await accessFaults(page, '.lectern-banner')).toEqual([])
    await page.reload()
    await page.locator('.lectern-banner').getByText('Pause and look here').waitFor({ timeout: 60_000 })
    await aiko.unsay(made.id, banner)
    await page.locator('.lectern-banner').waitFor({ state: 'detached' })
  })
})

describe('a student alone', () => {
  it('is offered help after the third same error, once', async () => {
    lab = await openNotebook(page, jupyter, NOTEBOOK)
    await lab.runCell(1)
    await lab.runCell(1)
    expect(await notice('three times').count()).toBe(0)
    await lab.runCell(1)
    await notice('ZeroDivisionError came three times in this cell').waitFor(TIMEOUT)
    await notice('three times').getByTitle('Hide notification').click()
    await notice('three times').waitFor({ state: 'detached' })
    await lab.runCell(1)
    expect(await notice('three times').count()).toBe(0)
  })

  it('TLK-8 sees the own cells, and the class as a band where it is allowed, without names', async () => {
    await page
      .getByRole('button', { name: /^Lectern/ })
      .first()
      .click()
    const dots = panel().locator('.lectern-dots')
    await dots.waitFor(TIMEOUT)
    await expect.poll(() => dots.locator('.lectern-dot-failing').count(), TIMEOUT).toBe(1)
    expect(await dots.locator('.lectern-dot-done').count()).toBe(1)
    expect(await panel().locator('.lectern-band').count()).toBe(0)
    await staff.changeClass(made.id, { showBand: true })
    for (const { say } of classmates) {
      await say('cell_executed', { status: 'ok' }, { notebook, cell: cellOf('good') })
    }
    await lab.runCell(0)
    await panel().locator('.lectern-band').waitFor({ timeout: 30_000 })
    expect(
      await panel()
        .getByText(/The middle half of the 5 students|Half of the 5 students/)
        .count(),
    ).toBe(1)
    expect(
      await panel()
        .getByText(/Ren|Yui|Sora|Hana/)
        .count(),
    ).toBe(0)
  })
})

/** Runs if a text is ever taken for markup, script or address. */
const RUN = 'window.hurt=(window.hurt||0)+1'
const HOSTILE = [
  `<script>${RUN}</script>`,
  `<img src=x onerror="${RUN}">`,
  `<svg onload="${RUN}">`,
  `<iframe srcdoc="<script>parent.${RUN}</script>">`,
  `[click](javascript:${RUN})`,
  `![x](x" onerror="${RUN})`,
  `<details open ontoggle="${RUN}">`,
  `$$\\href{javascript:${RUN}}{x}$$`,
]

it('LIM-4 shows what the staff write as text in JupyterLab, whatever it is, and runs none of it', async () => {
  const banners: string[] = []
  for (const text of HOSTILE) {
    await aiko.say(made.id, { to: to(), kind: 'message', text })
    await aiko.say(made.id, { to: to(), kind: 'hint', text, notebook, cell: cellOf('bad') })
    const cell = { ...cellOf('good'), id: text.slice(0, 128) }
    await aiko.say(made.id, { to: to(), kind: 'cell', text, notebook: { id: text, path: text }, cell })
    banners.push(await aiko.say(made.id, { to: { everyone: true }, kind: 'banner', text }))
    await page.locator('.lectern-banner').getByText(text, { exact: true }).first().waitFor(TIMEOUT)
    await panel().getByText(text, { exact: true }).first().waitFor(TIMEOUT)
  }
  await page.waitForTimeout(1000)
  const places = '#lectern-panel, .lectern-banner, .lectern-suggestion, .Toastify'
  const found = await page.evaluate((parts) => {
    const inside = (what: string) =>
      [...document.querySelectorAll(parts)].flatMap((one) => [...one.querySelectorAll(what)])
    return {
      hurt: (window as unknown as { hurt?: number }).hurt ?? 0,
      made: inside('script, iframe, object, embed, base, img, details').length,
      addresses: inside('a').filter((a) => /^\s*(javascript|data):/i.test(a.getAttribute('href') ?? '')).length,
    }
  }, places)
  expect(found).toEqual({ hurt: 0, made: 0, addresses: 0 })
  for (const banner of banners) await aiko.unsay(made.id, banner)
  // Negative control: taken for markup, it would have run here.
  await page.evaluate((text) => {
    document.body.insertAdjacentHTML('beforeend', text)
  }, HOSTILE[1] ?? '')
  await expect.poll(() => page.evaluate(() => (window as unknown as { hurt?: number }).hurt ?? 0)).toBe(1)
})
