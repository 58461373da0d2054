import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'
import { afterEach } from 'vitest'

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Starts the machine's Chromium without a window. Each person of a test gets a context of its own. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env['LECTERN_TEST_CHROMIUM'] ?? '/usr/bin/chromium', args: ARGS })
}

const PICTURES = join(import.meta.dirname, '..', '..', '.lectern', 'results', 'pictures')

/** Keeps a picture of every open page beside the results when a test of this file fails. */
export function photographFailures(browserOf: () => Browser | undefined): void {
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return
    mkdirSync(PICTURES, { recursive: true })
    const pages =
      browserOf()
        ?.contexts()
        .flatMap((context) => context.pages()) ?? []
    const name = task.name.replaceAll(/\W+/g, '-').slice(0, 60)
    for (const [index, page] of pages.entries()) {
      await page.screenshot({ path: join(PICTURES, `${name}-${index}.png`) }).catch(() => undefined)
    }
  })
}
