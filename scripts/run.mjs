// Runs a program of the repository on the repository's own Node: node scripts/run.mjs FILE [ARGUMENT]...
import { spawn } from 'node:child_process'
import { follow, main, ROOT, Stop } from './lib/process.mjs'
import { ensureRuntime } from './lib/runtime.mjs'

await main(async () => {
  const [file, ...args] = process.argv.slice(2)
  if (file === undefined) throw new Stop('Usage: node scripts/run.mjs FILE [ARGUMENT]...')
  await ensureRuntime(import.meta.url)
  return follow(spawn(process.execPath, [file, ...args], { cwd: ROOT, stdio: 'inherit', detached: true }))
})
