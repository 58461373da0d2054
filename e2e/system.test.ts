import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { photographFailures, startBrowser } from './harness/browser.ts'
import { linkIn } from './harness/demo.ts'
import { startServer, type LecternServer } from './harness/server.ts'

let server: LecternServer
let browser: Browser
let page: Page
const faults: string[] = []

photographFailures(() => browser)

beforeAll(async () => {
  server = await startServer({
    adminToken: false,
    env: { LECTERN_MONITOR_SECONDS: '1', LECTERN_ALERT_HOLD_SECONDS: '1' },
  })
  browser = await startBrowser()
  page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
  page.on('pageerror', (error) => faults.push(String(error)))
  await page.goto(linkIn(server.output()) ?? '')
  await page
    .getByRole('button', { name: 'Later' })
    .or(page.getByRole('link', { name: 'Later' }))
    .click()
  await page.getByLabel('Name of the class').fill('Python')
  await page.getByRole('button', { name: 'Make the class' }).click()
  await page.getByText('Python').first().waitFor()
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

async function open(section: string): Promise<void> {
  await page.goto(`${server.url}/#/system${section === 'overview' ? '' : `/${section}`}`)
}

/** Presses a button that asks once more, and says yes. */
async function surely(button: Locator): Promise<void> {
  await button.click()
  await page.getByRole('button', { name: 'Yes' }).click()
}

describe('the system page', () => {
  it('is reached by the menu, says how everything is, and is alive', async () => {
    await page.getByRole('button', { name: 'Menu' }).click()
    await page.getByRole('link', { name: 'System' }).click()
    await page.getByText('Everything is well').waitFor()
    await page.locator('.system-live.is-live').waitFor()
    await page.getByText('The sum is right.').waitFor()
  })

  it('restarts a service, and finds the server again', async () => {
    await open('services')
    await page.getByRole('button', { name: 'hub: running' }).click()
    const detail = page.locator('[data-service=hub]')
    await surely(detail.getByRole('button', { name: 'Restart: hub' }))
    await detail.getByText('restarted 1 times').waitFor()
    await detail.getByText('running').waitFor()
    await page.locator('.system-live.is-live').waitFor()
  })

  it('closes a socket, whose client comes back', async () => {
    await open('sockets')
    const row = page.getByRole('row', { name: /administrators/ }).first()
    const id = await row.getByRole('rowheader').textContent()
    await surely(row.getByRole('button', { name: `Close: ${id}` }))
    await page.getByText('server restarting').waitFor()
    await page.locator('.system-live.is-live').waitFor()
  })

  it('shows a dead job with its reason, tries it again when the cause is gone, and removes it', async () => {
    // A file stands where the folder of exports should be.
    const inTheWay = join(server.dataDir, 'exports')
    writeFileSync(inTheWay, '')
    await open('jobs')
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    const row = page.locator('tr[data-job="1"]')
    await row.getByText('dead').waitFor({ timeout: 30_000 })
    expect(await row.textContent()).toMatch(/EEXIST|ENOTDIR/)
    await open('overview')
    const alert = page.locator('[data-alert]').first()
    await alert.getByRole('button', { name: 'Mute for an hour' }).click({ timeout: 30_000 })
    await alert.getByText(/muted until/).waitFor()
    rmSync(inTheWay)
    await open('jobs')
    await row.getByRole('button', { name: 'Try again: 1' }).click()
    await row.getByText('done').waitFor({ timeout: 30_000 })
    await row.getByRole('link', { name: 'Download' }).waitFor()
    await surely(row.getByRole('button', { name: 'Remove: 1' }))
    await row.waitFor({ state: 'detached' })
  })

  it('flips a flag and back, by share, and kills it', async () => {
    await open('flags')
    const flag = page.locator('[data-flag=attention-rules]')
    const variant = (name: string) => flag.getByRole('radio', { name })
    await variant('patient').click()
    await expect.poll(() => variant('patient').getAttribute('aria-checked')).toBe('true')
    await variant('standard').click()
    await expect.poll(() => variant('standard').getAttribute('aria-checked')).toBe('true')
    await page.getByRole('slider').fill('40')
    await page.getByRole('button', { name: 'Apply' }).click()
    await page.getByRole('button', { name: 'No roll-out by share' }).click()
    await page.getByRole('button', { name: 'No roll-out by share' }).waitFor({ state: 'detached' })
    await surely(flag.getByRole('button', { name: 'Kill: attention-rules' }))
    await flag.getByRole('button', { name: 'Switch on' }).click()
    await flag.getByRole('button', { name: 'Kill: attention-rules' }).waitFor()
  })

  it('starts and stops an experiment and a shadow', async () => {
    await open('flags')
    for (const part of ['[data-experiment=rules-and-recovery]', '[data-shadow=patient-rules]']) {
      await page.locator(part).getByRole('button', { name: 'Start' }).click()
      await page.locator(part).getByRole('button', { name: 'Stop' }).click()
      await page.locator(part).getByRole('button', { name: 'Start' }).waitFor()
    }
  })

  it('lists every route with its cost, and shows the API as a page', async () => {
    await open('routes')
    await page.getByLabel('Filter').fill('/system/flags')
    await page.getByText('GET /api/v2/system/flags', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'All routes, described' }).click()
    await page.getByRole('heading', { name: /API/ }).first().waitFor()
    await page.goBack()
    await page.getByLabel('Filter').waitFor()
  })

  it('speaks Japanese, in the dark and on a phone, without a fault', async () => {
    const context = await browser.newContext({
      locale: 'ja-JP',
      colorScheme: 'dark',
      viewport: { width: 390, height: 844 },
      storageState: await page.context().storageState(),
    })
    const phone = await context.newPage()
    phone.on('pageerror', (error) => faults.push(String(error)))
    await phone.goto(`${server.url}/#/system`)
    await phone.getByText('しきい値').waitFor()
    const width = await phone.evaluate(() => document.documentElement.scrollWidth)
    expect(width).toBeLessThanOrEqual(390)
    for (const section of ['services', 'sockets', 'routes', 'jobs', 'flags', 'report']) {
      await phone.goto(`${server.url}/#/system/${section}`)
      await phone.locator('.system-card').first().waitFor()
      expect(await phone.evaluate(() => document.documentElement.scrollWidth), section).toBeLessThanOrEqual(390)
    }
    await context.close()
    expect(faults).toEqual([])
  })
})
