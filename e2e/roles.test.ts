import type { ClassStaffRole, PersonLink } from '@lectern/protocol'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { photographFailures, startBrowser } from './harness/browser.ts'
import { ADMIN_TOKEN, startServer, type LecternServer } from './harness/server.ts'
import { createStaff } from './harness/staff.ts'

let server: LecternServer
let browser: Browser
let classId: string
const faults: string[] = []

photographFailures(() => browser)

async function ask<T>(method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(`${server.url}/api/v2${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}

/** The page of somebody who was invited, with a role in the class where one is named. */
async function pageOf(name: string, role?: ClassStaffRole): Promise<Page> {
  const email = `${name.toLowerCase()}@school.example`
  const { path } = await ask<PersonLink>('POST', '/people', { name, email, role: 'member' })
  if (role !== undefined) await ask('PUT', `/classes/${classId}/staff/${email}`, { role })
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
  page.on('pageerror', (error) => faults.push(String(error)))
  await page.goto(`${server.url}${path}`)
  await page.locator('.top-bar').or(page.getByText('Set up your account')).first().waitFor()
  return page
}

const open = (page: Page, more = '') => page.goto(`${server.url}/#/class/${classId}${more}`)

beforeAll(async () => {
  server = await startServer()
  browser = await startBrowser()
  const made = await createStaff(server.url).makeClass('Python', 2)
  classId = made.id
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

describe('roles in a class', () => {
  it('AUT-22 are given by address, taken away, and given back', async () => {
    const page = await pageOf('Ada', 'instructor')
    await pageOf('Bo')
    await open(page)
    await page.getByRole('link', { name: 'People', exact: true }).click()
    const staff = page.getByRole('region', { name: 'Staff' })
    await staff.getByLabel('E-mail address').fill('nobody@school.example')
    await staff.getByRole('button', { name: 'Add', exact: true }).click()
    await staff.getByText('Nobody here has this address').waitFor()
    await staff.getByLabel('E-mail address').fill('BO@school.example')
    await staff.getByLabel('Role', { exact: true }).selectOption('observer')
    await staff.getByRole('button', { name: 'Add', exact: true }).click()
    await staff.getByLabel('Role of Bo').waitFor()
    await staff.getByRole('button', { name: 'Remove Bo from the class' }).click()
    await staff.getByText('Bo has no role in this class any more.').waitFor()
    await staff.getByRole('button', { name: 'Undo: Bo gets the role back' }).click()
    expect(await staff.getByLabel('Role of Bo').inputValue()).toBe('observer')
    await staff.getByRole('button', { name: 'Remove Ada from the class' }).click()
    await staff.getByText('A class needs an instructor.').waitFor()
  })

  it('JOI-12 make codes for students of the roster, by keyboard', async () => {
    const page = await pageOf('Cleo', 'instructor')
    await open(page, '/people')
    await page.getByLabel('One student a line').focus()
    await page.keyboard.type('森 愛子、aiko@school.example、1班\nKen Sato')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('2 students were added.').waitFor()
    await page.getByRole('rowheader', { name: '森 愛子' }).first().waitFor()
    await page.getByRole('button', { name: 'Print the codes' }).waitFor()
    const codes = page.getByRole('region', { name: 'Join codes' })
    await codes.getByText('2 codes that belong to one student each').waitFor()
  })

  it('AUT-20 show each role what it may see, and no control that it may not use', async () => {
    const assistant = await pageOf('Dan', 'assistant')
    await open(assistant)
    await assistant.getByRole('button', { name: 'Join code', exact: true }).waitFor()
    expect(await assistant.getByRole('link', { name: 'Settings' }).count()).toBe(0)
    expect(await assistant.getByRole('button', { name: 'Another code' }).count()).toBe(0)
    const observer = await pageOf('Eve', 'observer')
    await open(observer)
    await observer.getByText('You have the role “Observer” in this class.').waitFor()
    await observer.getByText('Nobody has run anything yet.').waitFor()
    expect(await observer.getByRole('button', { name: 'Join code' }).count()).toBe(0)
    const researcher = await pageOf('Flo', 'researcher')
    await open(researcher)
    const download = researcher.waitForEvent('download')
    await researcher.getByRole('link', { name: 'Download (JSON Lines)' }).click()
    expect((await download).suggestedFilename()).toMatch(/^research-.*\.jsonl$/)
  })

  it('AUT-21 end what is open when they are taken away', async () => {
    const page = await pageOf('Gus', 'assistant')
    await open(page)
    await page.locator('[data-connection=live]').waitFor()
    await ask('PUT', `/classes/${classId}/staff/gus@school.example`, { role: 'observer' })
    await page.locator('[data-connection=stopped]').waitFor({ timeout: 5_000 })
    await page.reload()
    await page.getByText('You have the role “Observer” in this class.').waitFor()
    expect(faults).toEqual([])
  })
})
