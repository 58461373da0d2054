import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { photographFailures, startBrowser } from './harness/browser.ts'
import { linkIn } from './harness/demo.ts'
import { eventually } from './harness/ports.ts'
import { startServer, type LecternServer } from './harness/server.ts'
import { createStaff } from './harness/staff.ts'

let server: LecternServer
let browser: Browser
let page: Page
let classId: string

photographFailures(() => browser)

beforeAll(async () => {
  server = await startServer()
  const staff = createStaff(server.url)
  const { id, code } = await staff.makeClass('Privacy', 2)
  classId = id
  for (const [index, name] of ['Aiko', 'Ken'].entries()) {
    const install = `0190f0a0-0000-7000-8000-00000000000${index}`
    const consent = { sharing: name === 'Aiko', level: 2, version: 1 }
    await fetch(`${server.url}/api/v2/join`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code, install, name, consent }),
    })
  }
  browser = await startBrowser()
  page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
  await page.goto(linkIn(server.output()) ?? '')
  // There is one class: the link leads straight into it.
  await page.getByText('Nobody needs you right now').waitFor()
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

it('PRI-3 CON-5 erases a student from the roster after a time to undo, and shows who does not share', async () => {
  await page.goto(`${server.url}/#/class/${classId}/people`)
  await page.getByRole('rowheader', { name: 'Ken not sharing' }).waitFor()
  const erase = async () => {
    await page.getByRole('button', { name: 'Erase Aiko' }).click()
    await page.getByRole('button', { name: 'Erase for good' }).click()
    await page.getByText('Aiko is being erased.').waitFor()
  }
  await erase()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('rowheader', { name: 'Aiko' }).waitFor()
  const names = async () => (await createStaff(server.url).roster(classId)).map(({ name }) => name)
  expect(await names()).toEqual(['Aiko', 'Ken'])
  await erase()
  await eventually('one student left', async () => ((await names()).length === 1 ? true : undefined))
  await page.getByRole('rowheader', { name: 'Aiko' }).waitFor({ state: 'detached' })
})

it('PRI-4 AUD-1 changes how long a class is kept, removes what is due, and shows who did all that', async () => {
  await page.goto(`${server.url}/#/class/${classId}`)
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByLabel('Days for which everything is kept').fill('0')
  await page.getByText('A whole number from 1 to 3,650.').waitFor()
  await page.getByLabel('Days for which everything is kept').fill('1')
  await page.getByRole('radio', { name: /Outputs/ }).check({ force: true })
  await page.getByText('Students are asked again').waitFor()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('button', { name: 'End the class' }).click()
  await page.getByRole('button', { name: 'Yes, end it' }).click()
  await page.getByRole('button', { name: 'Open the class again' }).waitFor()

  await page.goto(`${server.url}/#/system/privacy`)
  await page.getByRole('rowheader', { name: 'Privacy' }).waitFor()
  await page.getByText('1 student, ').waitFor()
  await page.getByRole('button', { name: 'Dry run' }).click()
  await page.getByText('Dry run: nothing is due. Asked for by').waitFor()
  await page.getByRole('button', { name: 'Check the chain' }).click()
  await page.getByText(/The chain is whole: \d+ entries\./).waitFor()
  await page.getByRole('rowheader', { name: 'Erased a student' }).first().waitFor()
  await page.getByLabel('What was done').selectOption({ label: 'Changed what is collected' })
  await page.getByRole('cell', { name: /levelBefore: 2, level: 3/ }).waitFor()
  await page.getByLabel('Who (id)').fill('u_nobody')
  await page.getByText('No entry fits.').waitFor()
})
