import { randomUUID } from 'node:crypto'
import type { JoinAnswer } from '@lectern/protocol'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { photographFailures, startBrowser } from './harness/browser.ts'
import { linkIn } from './harness/demo.ts'
import { ADMIN_TOKEN, startServer, type LecternServer } from './harness/server.ts'
import { createStaff } from './harness/staff.ts'

/** Runs if a text is ever taken for markup, script or address. */
const RUN = 'window.hurt=(window.hurt||0)+1'
const TEXTS = [
  `<script>${RUN}</script>`,
  `</script><script>${RUN}</script>`,
  `<img src=x onerror="${RUN}">`,
  `<img src=x onerror=${RUN}//`,
  `<svg onload="${RUN}">`,
  `<svg><script>${RUN}</script></svg>`,
  `<svg><animate onbegin="${RUN}" attributeName=x dur=1s>`,
  `<math><mtext><img src=x onerror="${RUN}"></mtext></math>`,
  `<iframe srcdoc="<script>parent.${RUN}</script>">`,
  `<iframe src="javascript:parent.${RUN}">`,
  `<object data="javascript:${RUN}">`,
  `<embed src="javascript:${RUN}">`,
  `<a href="javascript:${RUN}">x</a>`,
  `javascript:${RUN}`,
  `JaVaScRiPt:${RUN}//`,
  `data:text/html,<script>${RUN}</script>`,
  `"><script>${RUN}</script>`,
  `'><script>${RUN}</script>`,
  `" onmouseover="${RUN}" x="`,
  `' onfocus='${RUN}' autofocus='`,
  `\`-${RUN}-\``,
  `\${${RUN}}`,
  `{{constructor.constructor('${RUN}')()}}`,
  `<style>@import "javascript:${RUN}"</style>`,
  `<link rel=stylesheet href="data:text/css,*{color:red}">`,
  `<base href="https://evil.example/">`,
  `<meta http-equiv=refresh content="0;url=javascript:${RUN}">`,
  `<form action="javascript:${RUN}"><button autofocus>x</button></form>`,
  `<details open ontoggle="${RUN}">`,
  `<video><source onerror="${RUN}"></video>`,
  `<audio src=x onerror="${RUN}">`,
  `<body onload="${RUN}">`,
  `<input autofocus onfocus="${RUN}">`,
  `<select autofocus onfocus="${RUN}">`,
  `<marquee onstart="${RUN}">`,
  `<template><script>${RUN}</script></template>`,
  `<noscript><p title="</noscript><img src=x onerror=${RUN}>">`,
  `<!--<img src="--><img src=x onerror=${RUN}//">`,
  `<![CDATA[<script>${RUN}</script>]]>`,
  `\u202e<script>${RUN}</script>`,
  `\ufeff<img src=x onerror="${RUN}">`,
  `<scr<script>ipt>${RUN}</scr</script>ipt>`,
  `%3Cscript%3E${RUN}%3C/script%3E`,
  `&lt;img src=x onerror=${RUN}&gt;`,
  `<img src="x\` \`<script>${RUN}</script>">`,
  `<div style="background:url(javascript:${RUN})">`,
  `<div style="width:expression(${RUN})">`,
  `\u001b[31m<script>${RUN}</script>\u001b[0m`,
  `{name, plural, one {<script>${RUN}</script>} other {#}}`,
  `__proto__`,
]

let server: LecternServer
let browser: Browser
let page: Page
let classId: string
let studentId: string
const dialogs: string[] = []
const faults: string[] = []

photographFailures(() => browser)

const post = (path: string, body: object, token?: string) =>
  fetch(`${server.url}/api/v2${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  })

/** A student whose every text is hostile. */
async function hostileStudent(code: string, text: string): Promise<void> {
  const install = randomUUID()
  const fits = text.slice(0, 120)
  const joined = (await (await post('/join', { code, install, name: fits, team: fits })).json()) as JoinAnswer
  const notebook = { id: text, path: `${text}/a.ipynb` }
  const cell = { id: text.slice(0, 128), index: 0, type: 'code' }
  const outputs = ['text/html', 'image/svg+xml', text.slice(0, 128)].map((mime) => ({ kind: 'display', mime, text }))
  const data = { status: 'error', errorName: fits, errorMessage: text, traceback: text, source: text, outputs }
  const event = (seq: number, more: object) => ({
    id: randomUUID(),
    install,
    seq,
    at: new Date().toISOString(),
    ...more,
  })
  const run = { type: 'cell_executed', notebook, cell, data }
  const events = [
    event(1, run),
    event(2, run),
    event(3, { type: 'kernel_status', data: { status: text.slice(0, 64) } }),
    event(4, { type: 'help_requested', notebook, cell, data: { message: text } }),
  ]
  expect((await post('/events', { events }, joined.token)).status).toBe(200)
}

/** What the staff write: messages of every kind, notes, titles of lessons, names of classes and of colleagues. */
async function hostileStaff(id: string, student: string): Promise<void> {
  const write = async (path: string, body: object) => {
    const answer = await post(path, body, ADMIN_TOKEN)
    expect(answer.status, `${path} ${await answer.text()}`).toBeLessThan(300)
  }
  const kinds = ['message', 'hint', 'cell', 'banner'] as const
  for (const [index, text] of TEXTS.entries()) {
    const fits = text.slice(0, 120)
    const notebook = { id: text, path: `${text}/a.ipynb` }
    const about = { notebook, cell: { id: text.slice(0, 128), index: 0, type: 'code' } }
    const kind = kinds[index % kinds.length] ?? 'message'
    await write(`/classes/${id}/messages`, { to: { everyone: true }, kind, text, ...about })
    await write('/people', { name: fits, email: `p${index}@school.example`, role: 'member' })
    await write('/classes', { name: fits })
    await write(`/classes/${id}/students/${student}/notes`, { text })
  }
  await write(`/classes/${id}/lessons`, { title: (TEXTS[2] ?? '').slice(0, 120), notebooks: TEXTS.slice(0, 10) })
  await write(`/classes/${id}/reports`, {})
}

/** One address of each view of the class that the page offers, also of those of one thing. */
const viewsOf = (id: string): Promise<string[]> =>
  page.evaluate((prefix) => {
    const addresses = [...document.querySelectorAll(`a[href^="${prefix}"]`)].map((a) => a.getAttribute('href') ?? '')
    const byView = new Map(
      addresses.map((address) => [address.slice(prefix.length).split(/[/?]/, 2).join('/'), address]),
    )
    return [...byView.values()].map((address) => address.slice('#/'.length))
  }, `#/class/${id}`)

beforeAll(async () => {
  server = await startServer()
  const { id, code } = await createStaff(server.url).makeClass(TEXTS[0] ?? '', 4)
  classId = id
  for (const text of TEXTS) await hostileStudent(code, text)
  const [first] = await createStaff(server.url).roster(id)
  studentId = first?.id ?? ''
  await hostileStaff(id, studentId)
  browser = await startBrowser()
  page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  await page.goto(linkIn(server.output()) ?? '')
  await page
    .getByRole('link', { name: TEXTS[0] ?? '' })
    .first()
    .waitFor()
  await page.goto(`${server.url}/#/class/${classId}`)
  await page.getByText('Need help').first().waitFor()
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

it('LIM-4 shows hostile text as text on every page, in both languages, and runs none of it', async () => {
  const shownOn = new Set<string>()
  for (const language of ['en', 'ja']) {
    await page.evaluate(
      (chosen) => localStorage.setItem('lectern.preferences', JSON.stringify({ language: chosen })),
      language,
    )
    await page.goto(`${server.url}/#/class/${classId}`)
    await page.locator('main').waitFor()
    const views = await viewsOf(classId)
    // Those of the navigation at least.
    expect(views.length).toBeGreaterThan(6)
    const others = ['classes', 'people', 'account', 'system/privacy', 'system/jobs', 'system/sockets']
    for (const route of new Set([
      ...views,
      `class/${classId}/people`,
      `class/${classId}/student/${studentId}`,
      `class/${classId}/lessons/1`,
      ...others,
    ])) {
      await page.goto(`${server.url}/#/${route}`)
      await page.reload()
      await page.locator('main').waitFor()
      expect(await page.locator('html').getAttribute('lang')).toBe(language)
      await page.waitForTimeout(700)
      const found = await page.evaluate(() => ({
        hurt: (window as unknown as { hurt?: number }).hurt ?? 0,
        scripts: document.querySelectorAll('main script, main iframe, main object, main embed, main base, main style')
          .length,
        addresses: [...document.querySelectorAll('main a')].filter((a) =>
          /^\s*(javascript|data):/i.test(a.getAttribute('href') ?? ''),
        ).length,
      }))
      expect(found, `${language} ${route}`).toEqual({ hurt: 0, scripts: 0, addresses: 0 })
      if ((await page.locator('main').innerText()).includes(RUN)) shownOn.add(route)
    }
  }
  // It was there to be run: the texts stand on the page.
  await page.goto(`${server.url}/#/class/${classId}`)
  await page
    .getByText(TEXTS[2] ?? '')
    .first()
    .waitFor()
  expect(shownOn.size).toBeGreaterThan(6)
  const first = page.getByText(TEXTS[2] ?? '').first()
  await first.click()
  await page.waitForTimeout(500)
  expect(await page.evaluate(() => (window as unknown as { hurt?: number }).hurt ?? 0)).toBe(0)
  expect({ dialogs, faults }).toEqual({ dialogs: [], faults: [] })
}, 300_000)

it('LIM-4 shows what students ran as text, and as it looked in a frame in which nothing runs', async () => {
  const students = await createStaff(server.url).roster(classId)
  expect(students.length).toBe(TEXTS.length)
  for (const { id } of students) {
    await page.goto(`${server.url}/#/class/${classId}/student/${id}`)
    await page.reload()
    const asPage = page.locator('.output-kind button')
    await asPage.first().waitFor()
    expect(await page.locator('pre.code').innerText()).not.toBe('')
    for (const button of await asPage.all()) await button.click()
    await page.locator('.output-frame').nth(1).waitFor()
    await page.waitForTimeout(150)
    const found = await page.evaluate(() => ({
      hurt: (window as unknown as { hurt?: number }).hurt ?? 0,
      at: location.pathname,
      frames: [...document.querySelectorAll('iframe')].map((frame) => frame.getAttribute('sandbox')),
    }))
    expect(found, id).toEqual({ hurt: 0, at: '/', frames: ['', ''] })
  }
  expect({ dialogs, faults }).toEqual({ dialogs: [], faults: [] })
}, 300_000)

it('LIM-4 would be noticed: the same text taken for markup runs', async () => {
  const other = await (await browser.newContext()).newPage()
  await other.setContent(`<main>${TEXTS[2]}</main>`)
  await expect.poll(() => other.evaluate(() => (window as unknown as { hurt?: number }).hurt ?? 0)).toBe(1)
})
