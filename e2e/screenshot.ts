// npm run screenshot [-- --readme]: takes every view of the real demo in both languages, light and dark, on a phone, a laptop and
// a projector, into .lectern/screenshots; and the pictures of the README into docs/images, with --readme these alone.
// A machine without a Japanese font shows boxes for half of the names.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { startBrowser } from './harness/browser.ts'
import { startDemo, type Demo } from './harness/demo.ts'

const ROOT = join(import.meta.dirname, '..')
const IMAGES = join(ROOT, 'docs', 'images')
const ALL = join(ROOT, '.lectern', 'screenshots')
const LIVELY_AFTER_MS = 20_000
/** Until lists that are asked for are there, and what appears has appeared. */
const SETTLED_AFTER_MS = 1_800
const ACCOUNT = { name: 'Mika', email: 'mika@school.example', password: 'velvet lantern over quiet water' }

const SIZES = { phone: [390, 844], laptop: [1280, 800], projector: [2560, 1440] } as const
/** What the README shows: view, size, appearance. */
const README = [
  { file: 'dashboard', view: 'wall', size: [1440, 900], colorScheme: 'light' },
  { file: 'room', view: 'room', size: [1160, 760], colorScheme: 'dark' },
  { file: 'teams', view: 'teams', size: [1160, 760], colorScheme: 'light' },
] as const

type Look = Pick<BrowserContextOptions, 'locale' | 'colorScheme'> & { readonly size: readonly [number, number] }

const { values } = parseArgs({ options: { readme: { type: 'boolean', default: false } } })

/** Signs in by the demo's link, and sets a password, so that nothing asks for one in the picture. */
async function signIn(
  browser: Browser,
  { link }: Demo,
): Promise<{ state: BrowserContextOptions['storageState'] & object }> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(link)
  await page.waitForURL((url) => url.hash.startsWith('#/class'))
  const status = await page.evaluate(async (account) => {
    const headers = { 'content-type': 'application/json' }
    return (await fetch('/api/v2/session/password', { method: 'PUT', headers, body: JSON.stringify(account) })).status
  }, ACCOUNT)
  if (status !== 200) throw new Error(`No password was set: ${status}`)
  const state = await context.storageState()
  await context.close()
  return { state }
}

/** A page of the class with this look, and the views that it offers. */
async function openClass(browser: Browser, state: object, { size, ...look }: Look): Promise<Page> {
  const [width, height] = size
  const context = await browser.newContext({ ...look, storageState: state as never, viewport: { width, height } })
  return context.newPage()
}

async function views(browser: Browser, demo: Demo, state: object): Promise<{ classPath: string; names: string[] }> {
  const page = await openClass(browser, state, { size: SIZES.laptop })
  await page.goto(`${demo.url}/#/classes`)
  await page.locator('.class-card').first().click()
  await page.locator('.navigation a[data-view]').first().waitFor()
  const names = await page
    .locator('.navigation a[data-view]')
    .evaluateAll((links) => links.map((link) => link.getAttribute('data-view') ?? ''))
  const classPath = await page.evaluate(() => location.hash)
  await page.context().close()
  return { classPath, names }
}

async function shoot(page: Page, address: string, file: string): Promise<void> {
  await page.goto(address)
  await page.locator('#main').waitFor()
  await page.waitForTimeout(SETTLED_AFTER_MS)
  await page.screenshot({ path: file })
  console.log(file)
}

const demo = await startDemo()
const browser = await startBrowser()
try {
  const { state } = await signIn(browser, demo)
  const { classPath, names } = await views(browser, demo, state)
  await new Promise((settle) => setTimeout(settle, LIVELY_AFTER_MS))
  mkdirSync(IMAGES, { recursive: true })
  for (const { file, view, ...look } of README) {
    const page = await openClass(browser, state, { ...look, locale: 'en-GB' })
    await shoot(page, `${demo.url}/${classPath}/${view}`, join(IMAGES, `${file}.png`))
    await page.context().close()
  }
  for (const locale of values.readme ? [] : (['en-GB', 'ja-JP'] as const)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const [name, size] of Object.entries(SIZES)) {
        const folder = join(ALL, `${locale.slice(0, 2)}-${colorScheme}-${name}`)
        mkdirSync(folder, { recursive: true })
        const page = await openClass(browser, state, { size, locale, colorScheme })
        for (const view of names) await shoot(page, `${demo.url}/${classPath}/${view}`, join(folder, `${view}.png`))
        await page.context().close()
      }
    }
  }
} finally {
  await browser.close()
  await demo.stop()
}
