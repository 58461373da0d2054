// npm run fuzz:api: installs the fuzzer where it is missing, then tries the whole API as each role.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { readyFuzzer } from './lib/machine.mjs'
import { follow, main, ROOT, Stop } from './lib/process.mjs'
import { ensureRuntime } from './lib/runtime.mjs'

await main(async () => {
  await ensureRuntime(import.meta.url)
  const python = await readyFuzzer()
  if (!python.ok) throw new Stop(python.reason)
  const file = join(ROOT, 'e2e', 'fuzz', 'main.ts')
  const env = { ...process.env, LECTERN_FUZZ_PYTHON: python.value }
  return follow(
    spawn(process.execPath, [file, ...process.argv.slice(2)], { cwd: ROOT, env, stdio: 'inherit', detached: true }),
  )
})
