// Runs one measurement: node scripts/bench.mjs NAME [OPTION]... where NAME is a folder of bench/ with a main.ts.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { follow, main, ROOT, Stop } from './lib/process.mjs'
import { ensureRuntime } from './lib/runtime.mjs'

const entryOf = (/** @type {string} */ name) => join(ROOT, 'bench', name, 'main.ts')

await main(async () => {
  const names = readdirSync(join(ROOT, 'bench')).filter((name) => existsSync(entryOf(name)))
  const [name, ...args] = process.argv.slice(2)
  if (name === undefined || !names.includes(name)) {
    throw new Stop(`Usage: npm run bench -- NAME [OPTION]...\nNAME is one of: ${names.join(', ')}`)
  }
  await ensureRuntime(import.meta.url)
  return follow(
    spawn(process.execPath, ['--expose-gc', entryOf(name), ...args], { cwd: ROOT, stdio: 'inherit', detached: true }),
  )
})
