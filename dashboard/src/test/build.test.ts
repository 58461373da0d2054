import { join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Rollup } from 'vite'
import { beforeAll, expect, it, vi } from 'vitest'

const KB = 1024
/** Everything the page of a class loads before its wall stands, in one language. */
const FIRST_LOAD_BYTES = 250 * KB
/** What any part that is loaded later adds to that: a view, a page, the other language. */
const LATER_BYTES = 40 * KB
const FIRST_PARTS = ['src/i18n/en.ts', 'src/views/wall-view.tsx']

const root = join(import.meta.dirname, '../..')
const files = new Map<string, string>()
const chunks = new Map<string, Rollup.OutputChunk>()

beforeAll(async () => {
  // Else React would be built with its checks for developers.
  vi.stubEnv('NODE_ENV', 'production')
  const { output } = (await build({ root, logLevel: 'silent', build: { write: false } })) as Rollup.RollupOutput
  for (const file of output) {
    files.set(file.fileName, file.type === 'chunk' ? file.code : String(file.source))
    if (file.type === 'chunk') chunks.set(file.fileName, file)
  }
}, 60_000)

const all = (extension: string) => [...files].filter(([name]) => name.endsWith(extension)).map(([, text]) => text)

/** The chunks that load together with `names`. */
function withImports(names: readonly string[], known: ReadonlySet<string> = new Set()): Set<string> {
  const found = new Set<string>()
  const left = [...names]
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    const chunk = chunks.get(name)
    if (!chunk || found.has(name) || known.has(name)) continue
    found.add(name)
    left.push(...chunk.imports)
  }
  return found
}

const bytesOf = (names: Iterable<string>) =>
  [...names].reduce((sum, name) => sum + gzipSync(files.get(name) ?? '').byteLength, 0)

/** Parts that are loaded when they are needed: chunk by source file. */
function laterParts(): Map<string, string> {
  const dynamic = [...chunks.values()].filter(({ isDynamicEntry }) => isDynamicEntry)
  return new Map(dynamic.map(({ facadeModuleId, fileName }) => [relative(root, facadeModuleId ?? ''), fileName]))
}

function firstLoad(): Set<string> {
  const entries = [...chunks.values()].filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName)
  const parts = laterParts()
  return withImports([...entries, ...FIRST_PARTS.map((part) => parts.get(part) ?? '')])
}

it('loads the wall of a class within 250 KB of gzip', () => {
  expect([...laterParts().keys()]).toEqual(expect.arrayContaining(FIRST_PARTS))
  expect(bytesOf(firstLoad())).toBeGreaterThan(KB)
  expect(bytesOf(firstLoad())).toBeLessThan(FIRST_LOAD_BYTES)
})

it('loads each other part within 40 KB more', () => {
  const first = firstLoad()
  const sizes = [...laterParts()].map(([part, name]) => ({ part, bytes: bytesOf(withImports([name], first)) }))
  expect(sizes.length).toBeGreaterThan(FIRST_PARTS.length)
  expect(sizes.filter(({ bytes }) => bytes > LATER_BYTES)).toEqual([])
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
