import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { modulesAreCurrent } from './lib/runtime.mjs'

const folder = mkdtempSync(join(tmpdir(), 'lectern-scripts-'))
afterAll(() => rmSync(folder, { recursive: true }))

type Packages = Readonly<Record<string, { version?: string; optional?: boolean; link?: boolean }>>

function installed(name: string, wanted: Packages, present?: Packages): boolean {
  const root = join(folder, name)
  mkdirSync(join(root, 'node_modules'), { recursive: true })
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...wanted } }))
  const record = join(root, 'node_modules', '.package-lock.json')
  if (present !== undefined) writeFileSync(record, JSON.stringify({ packages: present }))
  return modulesAreCurrent(root)
}

/** Runs a script of the root; `act` is called with each piece of output. */
function script(args: readonly string[], act: (text: string, kill: () => void) => void = () => {}, env = process.env) {
  return new Promise<{ code: number | null; output: string }>((settle) => {
    const child = spawn(process.execPath, args, { cwd: join(import.meta.dirname, '..'), env })
    let output = ''
    const take = (chunk: Buffer) => {
      output += chunk.toString()
      act(output, () => child.kill('SIGTERM'))
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('close', (code) => settle({ code, output }))
  })
}

describe('installed packages', () => {
  const wanted = { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0', optional: true } }

  it('are current when npm has recorded the versions of the lock file', () => {
    expect(installed('current', wanted, wanted)).toBe(true)
    expect(installed('other-platform', wanted, { 'node_modules/a': { version: '1.0.0' } })).toBe(true)
  })

  it('are not current when missing, or of another version', () => {
    expect(installed('nothing', wanted)).toBe(false)
    expect(installed('less', wanted, { 'node_modules/b': { version: '2.0.0' } })).toBe(false)
    expect(installed('older', wanted, { ...wanted, 'node_modules/a': { version: '0.9.0' } })).toBe(false)
    expect(installed('older-option', wanted, { ...wanted, 'node_modules/b': { version: '1.9.0' } })).toBe(false)
  })
})

describe('programs of the root', () => {
  it('give the exit code of what they run, and its arguments', async () => {
    const file = join(folder, 'exit.mjs')
    writeFileSync(file, 'console.log(process.argv.slice(2).join("+")); process.exit(7)')
    expect(await script(['scripts/run.mjs', file, 'a', '--b'])).toEqual({ code: 7, output: 'a+--b\n' })
  })

  it('pass a signal on, once, and wait for the end', async () => {
    const file = join(folder, 'signal.mjs')
    writeFileSync(
      file,
      'process.on("SIGTERM", () => { console.log("bye"); setTimeout(() => process.exit(3), 50) }); console.log("up"); setInterval(() => {}, 1000)',
    )
    const { code, output } = await script(['scripts/run.mjs', file], (text, kill) => {
      if (text === 'up\n') kill()
    })
    expect({ code, output }).toEqual({ code: 3, output: 'up\nbye\n' })
  })

  it('say what to do when the port is taken', async () => {
    const other = createServer()
    await new Promise<void>((settle) => other.listen(0, '127.0.0.1', settle))
    const { port } = other.address() as AddressInfo
    const { code, output } = await script(['scripts/start.mjs'], undefined, {
      ...process.env,
      LECTERN_PORT: String(port),
    })
    other.close()
    expect(code).toBe(1)
    expect(output).toContain(`Port ${port} on 127.0.0.1 is in use`)
    expect(output).toContain(`LECTERN_PORT=${port + 1} npm start`)
  })
})
