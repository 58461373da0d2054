import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startServer, temporaryFolder } from './harness.ts'

function build(folder: string, files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
}

describe('the pages that are served', () => {
  it('say what to do while the dashboard is not built', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const page = await server.get('/')
    expect(page.status).toBe(200)
    expect(page.text).toContain('npm run build:dashboard')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it('are the built dashboard, under a strict policy, hashed files for ever', async () => {
    using folder = temporaryFolder()
    build(join(folder.path, 'dashboard'), {
      'index.html': '<!doctype html><title>Built</title>',
      'favicon.svg': '<svg/>',
      'assets/index-Bx1_yZ-9.js': 'export {}',
      '.inputs': 'secret',
    })
    await using server = await startServer(folder.path)
    const page = await server.get('/')
    expect(page.text).toContain('Built')
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(page.headers.get('cache-control')).toBe('no-cache')
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).not.toContain('unsafe')
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain("require-trusted-types-for 'script'; trusted-types output-frame")
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    expect(page.headers.get('referrer-policy')).toBe('no-referrer')
    const script = await server.get('/assets/index-Bx1_yZ-9.js')
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(script.headers.get('content-type')).toContain('javascript')
    const icon = await server.get('/favicon.svg')
    expect(icon.headers.get('cache-control')).toBe('no-cache')
    // An image that is opened by itself is a page too.
    expect(icon.headers.get('content-security-policy')).toContain("script-src 'self'")
    for (const path of [
      '/.inputs',
      '/assets',
      '/assets/',
      '/assets/none.js',
      '/assets/..%2f..%2fpeople.db',
      '/..%2fpeople.db',
    ]) {
      expect((await server.get(path)).status, path).toBeGreaterThanOrEqual(400)
    }
  })

  it('ERR-1 give out no file with a dot before its name, and no part of a file that there is not', async () => {
    using folder = temporaryFolder()
    build(join(folder.path, 'dashboard'), { 'index.html': 'Built', '.inputs': 'secret', 'favicon.svg': '<svg/>' })
    await using server = await startServer(folder.path)
    const paths = [
      '/.inputs',
      '/.none',
      '/.git/config',
      '/%2einputs',
      '/.%0Ax',
      '/.%C2%89',
      '/.%F1%B8%9C%B5/x',
      '/a/.b',
    ]
    for (const path of paths) {
      const { status, json } = await server.get(path)
      expect([status, json?.code], path).toEqual([404, 'not_found'])
    }
    const refusals = [{ range: 'bytes=999-' }, { range: 'bytes=9-1' }, { 'if-match': '"other"' }]
    for (const headers of refusals) {
      const { status } = await server.get('/favicon.svg', { headers })
      expect(status, JSON.stringify(headers)).toBeLessThan(500)
    }
    expect(server.lines.filter((line) => line.includes('request failed'))).toEqual([])
  })

  it('offer the extension once it is built, and say why not before', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const info = async () => (await server.get('/api/v2/extension')).json
    const wheel = 'lectern_extension-0.1.0-py3-none-any.whl'
    const built = join(folder.path, 'extension')
    expect(await info()).toMatchObject({ state: 'unavailable', reason: expect.stringContaining('not been built') })
    expect((await server.get(`/extension/${wheel}`)).json.code).toBe('extension_unavailable')
    build(built, { 'status.json': '{"state":"building"}' })
    expect(await info()).toEqual({ state: 'building' })
    build(built, { 'status.json': '{"state":"half' })
    expect((await info()).state).toBe('unavailable')
    build(built, {
      'status.json': JSON.stringify({ state: 'ready', wheel, built: 1 }),
      [wheel]: 'PK',
      'other-1-py3-none-any.whl': 'PK',
    })
    expect(await info()).toEqual({ state: 'ready', wheel })
    const file = await server.get(`/extension/${wheel}`)
    expect([file.status, file.text]).toEqual([200, 'PK'])
    expect((await server.get('/extension/other-1-py3-none-any.whl')).status).toBe(404)
    expect((await server.get('/extension/status.json')).status).toBe(400)
    build(built, { 'status.json': JSON.stringify({ state: 'failed', reason: 'pip ended with 1' }) })
    expect(await info()).toEqual({ state: 'failed', reason: 'pip ended with 1' })
  })
})
