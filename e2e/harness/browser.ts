import { chromium, type Browser } from 'playwright-core'

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
