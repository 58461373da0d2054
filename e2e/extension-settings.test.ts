import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { photographFailures, startBrowser } from './harness/browser.ts'
import { notebookOf, pipInstall, startJupyter, type Jupyter } from './harness/jupyter.ts'
import { openNotebook, type LabPage } from './harness/lab-page.ts'
import { startServer, type LecternServer } from './harness/server.ts'
import { createStaff, type Staff } from './harness/staff.ts'
import { readTraffic, type Traffic } from './harness/traffic.ts'
import { runsInLog } from './harness/until.ts'

const NOTEBOOK = 'settings.ipynb'
const PERSON = { name: '田中愛子', email: 'aiko@school.example', team: '三班' }

let server: LecternServer
let staff: Staff
let jupyter: Jupyter
let browser: Browser
let page: Page
let lab: LabPage
let traffic: Traffic
let made: { id: string; code: string }

photographFailures(() => browser)

beforeAll(async () => {
  server = await startServer()
  staff = createStaff(server.url)
  made = await staff.makeClass('設定', 2)
  await pipInstall(`${server.url}/extension/${await staff.wheel()}`)
  jupyter = await startJupyter({
    notebooks: { [NOTEBOOK]: notebookOf({ good: '1 + 1' }) },
    settings: {
      '@lectern/jupyterlab:plugin': { enabled: false },
      '@jupyterlab/translation-extension:plugin': { locale: 'ja_JP' },
    },
  })
  browser = await startBrowser()
  const context = await browser.newContext()
  traffic = readTraffic(context, server.url)
  page = await context.newPage()
  lab = await openNotebook(page, jupyter, NOTEBOOK)
})

afterAll(async () => {
  await browser?.close()
  await jupyter?.stop()
  await server?.stop()
})

const status = () => page.locator('.lectern-status').innerText()
const setting = (name: string) => page.locator(`.jp-SettingsForm [id$="_${name}"]`)

async function toNotebook(): Promise<void> {
  await page.locator('.lm-TabBar-tab', { hasText: NOTEBOOK }).first().click()
}

describe('the settings, in Japanese', () => {
  it('capture and send nothing while sharing is off, and lead to the settings editor', async () => {
    expect(await status()).toBe('Lectern: オフ')
    await lab.runCell(0)
    await page.locator('.lectern-status').click()
    await page.locator('#lectern-panel').getByText('設定で共有がオフになっています').waitFor()
    await page.locator('#lectern-panel').getByRole('button', { name: '設定' }).click()
    for (const title of ['クラスと共有する', 'サーバーのアドレス', '参加コード', '名前', 'メールアドレス（任意）'])
      await page.locator('.jp-SettingsForm').getByText(title, { exact: true }).first().waitFor()
    expect(traffic.requests()).toEqual([])
  })

  it('join with server, code, name, address and team once they are complete, and ask first', async () => {
    await setting('enabled').check()
    await expect.poll(status, { timeout: 15_000 }).toBe('Lectern: 未参加')
    await setting('server').fill(server.url)
    await setting('code').fill(made.code)
    await page.locator('#lectern-panel').getByText('次が必要です: 名前').waitFor()
    await setting('email').fill(PERSON.email)
    await setting('team').fill(PERSON.team)
    await setting('name').fill(PERSON.name)
    const dialog = page.getByRole('dialog')
    await dialog.getByText('「設定」に、どこまで見せますか').waitFor()
    expect(traffic.requests().map(({ path }) => path)).toEqual(['/api/v2/join/preview'])
    await dialog.locator('input[value="1"]').check()
    await dialog.getByRole('button', { name: '回答を保存' }).click()
    await toNotebook()
    await lab.runCell(0)
    const [run] = await runsInLog(staff, made.id, 1)
    expect(run?.data).toMatchObject({ status: 'ok', executionCount: 2 })
    expect(run?.data).not.toHaveProperty('source')
    expect(await staff.roster(made.id)).toMatchObject([PERSON])
  })

  it('stop everything when sharing is switched off again', async () => {
    await page
      .locator('.lm-TabBar-tab', { hasText: /Settings|設定/ })
      .first()
      .click()
    await setting('enabled').uncheck()
    await expect.poll(status, { timeout: 15_000 }).toBe('Lectern: オフ')
    const count = traffic.requests().length + traffic.frames().length
    await toNotebook()
    await lab.runCell(0)
    await page.waitForTimeout(1_500)
    expect(traffic.requests().length + traffic.frames().length).toBe(count)
  })
})
