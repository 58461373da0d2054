import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessFaults } from './harness/axe.ts'
import { photographFailures, startBrowser } from './harness/browser.ts'
import { linkIn } from './harness/demo.ts'
import { eventually } from './harness/ports.ts'
import { joinAs } from './harness/pupil.ts'
import { startServer, type LecternServer } from './harness/server.ts'
import { createStaff } from './harness/staff.ts'

/** One red pixel. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==',
  'base64',
)
/** Two who edit at once see each other's changes within this time. */
const SEEN_WITHIN_MS = 1_500

let server: LecternServer
let browser: Browser
let mine: Page
let theirs: Page
let classId: string
const students: Record<string, string> = {}
const faults: string[] = []

photographFailures(() => browser)

/** A page of the administrator at the room. */
async function open(): Promise<Page> {
  const [known] = browser.contexts()
  const context = known ?? (await browser.newContext({ locale: 'en-GB', viewport: { width: 1440, height: 900 } }))
  const page = await context.newPage()
  page.on('pageerror', (error) => faults.push(String(error)))
  if (!known) {
    await page.goto(linkIn(server.output()) ?? '')
    await page.waitForURL((url) => !url.hash.includes('link='))
  }
  await page.goto(`${server.url}/#/class/${classId}/room`)
  await page.getByRole('heading', { name: 'Room' }).waitFor()
  return page
}

beforeAll(async () => {
  server = await startServer()
  const { id, code } = await createStaff(server.url).makeClass('Python', 2)
  classId = id
  for (const name of ['Aiko', 'Ben', 'Chie']) {
    const pupil = await joinAs(server.url, code, { name, team: 'Row 1' })
    students[name] = pupil.id
    await pupil.run({ cell: 0 })
  }
  browser = await startBrowser()
  mine = await open()
  theirs = await open()
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

const seatOf = (page: Page, name: string): Locator => page.locator(`[data-seat="student ${students[name]}"]`)

/** Where a seat stands, in per cent of the plan. */
const placeOf = (page: Page, name: string) =>
  seatOf(page, name).evaluate((seat) => {
    const { left, top } = (seat as HTMLElement).style
    return [Number.parseFloat(left), Number.parseFloat(top)]
  })

async function dragTo(page: Page, what: Locator, [x, y]: readonly [number, number]): Promise<void> {
  const plan = await page.locator('.plan').boundingBox()
  const from = await what.boundingBox()
  if (!plan || !from) throw new Error('Nothing to drag.')
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2)
  await page.mouse.down()
  await page.mouse.move(plan.x + plan.width / 2, plan.y + plan.height / 2, { steps: 4 })
  await page.mouse.move(plan.x + (plan.width * x) / 100, plan.y + (plan.height * y) / 100, { steps: 4 })
  await page.mouse.up()
}

describe('the plan of a room', () => {
  it('shows everyone in rows before anybody was placed', async () => {
    await expect.poll(() => mine.locator('a.seat').count()).toBe(3)
    await mine.getByText('Nobody has a place yet').waitFor()
    expect(await accessFaults(mine)).toEqual([])
  })

  it('PLN-4 PLN-5 takes who is dragged onto it, and another page shows it within a moment', async () => {
    await mine.getByRole('button', { name: 'Arrange' }).click()
    await dragTo(mine, mine.getByRole('button', { name: 'Give Aiko a place' }), [20, 30])
    await seatOf(mine, 'Aiko').waitFor()
    const [x = 0, y = 0] = await placeOf(mine, 'Aiko')
    expect(Math.abs(x - 20) + Math.abs(y - 30)).toBeLessThan(3)
    const begun = performance.now()
    await eventually('the other page to show it', async () =>
      String(await placeOf(theirs, 'Aiko')) === String([x, y]) ? true : undefined,
    )
    expect(performance.now() - begun).toBeLessThan(SEEN_WITHIN_MS)
    expect(await accessFaults(mine)).toEqual([])
  })

  it('is arranged by the keyboard alone, and back', async () => {
    await mine.getByRole('button', { name: 'Give Ben a place' }).focus()
    await mine.keyboard.press('Enter')
    await expect.poll(() => mine.evaluate(() => document.activeElement?.getAttribute('data-seat'))).toContain('student')
    await mine.keyboard.press('ArrowRight')
    await mine.keyboard.press('Shift+ArrowUp')
    await expect.poll(() => placeOf(mine, 'Ben')).toEqual([51, 45])
    await mine.keyboard.press('Control+z')
    await expect.poll(() => placeOf(mine, 'Ben')).toEqual([50, 50])
    await mine.keyboard.press('Delete')
    await mine.getByRole('button', { name: 'Give Ben a place' }).waitFor()
    await mine.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => placeOf(mine, 'Ben')).toEqual([50, 50])
  })

  it('PLN-5 is the same for two who arrange at once', async () => {
    await theirs.getByRole('button', { name: 'Arrange' }).click()
    await seatOf(theirs, 'Ben').waitFor()
    await Promise.all([dragTo(mine, seatOf(mine, 'Aiko'), [80, 80]), dragTo(theirs, seatOf(theirs, 'Ben'), [10, 80])])
    await eventually('both pages to be alike', async () => {
      const places = async (page: Page) => String([await placeOf(page, 'Aiko'), await placeOf(page, 'Ben')])
      const [here, there] = [await places(mine), await places(theirs)]
      return here === there && !here.includes('50,50') && !here.includes('20,30') ? true : undefined
    })
  })

  it('is arranged by a finger', async () => {
    const context = await browser.newContext({ hasTouch: true, storageState: await mine.context().storageState() })
    const page = await context.newPage()
    await page.goto(`${server.url}/#/class/${classId}/room`)
    await page.getByRole('button', { name: 'Arrange' }).tap()
    const plan = await page.locator('.plan').boundingBox()
    const from = await seatOf(page, 'Ben').boundingBox()
    if (!plan || !from) throw new Error('Nothing to drag.')
    const devtools = await context.newCDPSession(page)
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x: number, y: number) =>
      devtools.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] })
    const [x, y] = [from.x + from.width / 2, from.y + from.height / 2]
    await touch('touchStart', x, y)
    for (let step = 1; step <= 5; step += 1) {
      await touch(
        'touchMove',
        x + ((plan.x + plan.width / 2 - x) * step) / 5,
        y + ((plan.y + plan.height / 4 - y) * step) / 5,
      )
    }
    await touch('touchEnd', 0, 0)
    await expect.poll(() => placeOf(page, 'Ben')).toEqual([50, 25])
    await context.close()
  })

  it('PLN-1 has a picture, which can be taken away and brought back', async () => {
    await mine.locator('input[type=file]').setInputFiles({ name: 'room.png', mimeType: 'image/png', buffer: PICTURE })
    const picture = mine.getByRole('img', { name: 'Picture of the room' })
    await picture.waitFor()
    const isThere = () => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)
    await expect.poll(isThere).toBe(1)
    await theirs.getByRole('img', { name: 'Picture of the room' }).waitFor()
    const menu = () => mine.getByRole('button', { name: 'Picture of the room' }).click()
    await menu()
    await mine.getByRole('button', { name: 'Remove the picture' }).click()
    await picture.waitFor({ state: 'detached' })
    await menu()
    await mine.getByRole('button', { name: 'Bring the last picture back' }).click()
    await expect.poll(isThere).toBe(1)
    await mine.locator('input[type=file]').setInputFiles({
      name: 'room.png',
      mimeType: 'image/png',
      buffer: Buffer.from('<svg onload=alert(1)>'),
    })
    await mine.getByRole('alert').waitFor()
    expect(await isThere()).toBe(1)
  })

  it('PLN-6 says in the list where somebody sits', async () => {
    await mine.goto(`${server.url}/#/class/${classId}/list`)
    await mine.getByRole('cell', { name: 'A1' }).waitFor()
    expect(faults).toEqual([])
  })
})
