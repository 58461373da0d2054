import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Rollup } from 'vite'
import { beforeAll, expect, it, vi } from 'vitest'

const SCRIPT_BUDGET_BYTES = 250 * 1024
const files = new Map<string, string>()

beforeAll(async () => {
  // Else React would be built with its checks for developers.
  vi.stubEnv('NODE_ENV', 'production')
  const root = join(import.meta.dirname, '../..')
  const { output } = (await build({ root, logLevel: 'silent', build: { write: false } })) as Rollup.RollupOutput
  for (const file of output) files.set(file.fileName, file.type === 'chunk' ? file.code : String(file.source))
}, 60_000)

const all = (extension: string) => [...files].filter(([name]) => name.endsWith(extension)).map(([, text]) => text)

it('keeps all scripts together within 250 KB of gzip', () => {
  const bytes = all('.js').reduce((sum, code) => sum + gzipSync(code).byteLength, 0)
  expect(bytes).toBeGreaterThan(0)
  expect(bytes).toBeLessThan(SCRIPT_BUDGET_BYTES)
})

it('needs nothing that the security policy forbids: no script or style in the page, no eval', () => {
  const [page = ''] = all('.html')
  expect(page).toContain('<script type="module"')
  expect(page).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>\s*\S/)
  expect(page).not.toMatch(/<style|\sstyle=|\son\w+=/)
  for (const code of all('.js')) expect(code).not.toMatch(/\beval\(|new Function\(|dangerouslySetInnerHTML:\{/)
})

it('asks no other host for anything', () => {
  for (const text of [...all('.html'), ...all('.css')])
    expect(text).not.toMatch(/(src|href)="(https?:)?\/\/|url\((https?:)?\/\//)
})
