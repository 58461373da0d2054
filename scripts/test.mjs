// npm test: sets itself up, runs the units and the end-to-end tests, and says at the end what was not run and why.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildDashboard } from './lib/builds.mjs'
import { readyChromium, readyInstalls, readyVenv } from './lib/machine.mjs'
import { main, ROOT, run, Stop } from './lib/process.mjs'
import { closing, vitestCounts } from './lib/results.mjs'
import { ensureModules, ensureRuntime } from './lib/runtime.mjs'

const RESULTS = join(ROOT, '.lectern', 'results')
const VITEST = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')

/**
 * @param {string} name of the report
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
async function vitest(name, args, env = process.env) {
  const report = join(RESULTS, `${name}.json`)
  rmSync(report, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const { code } = await run(process.execPath, [VITEST, 'run', ...reporters, ...args], { env })
  return vitestCounts(report, code)
}

/**
 * @param {string} name
 * @param {() => Promise<any>} stage
 */
async function timed(name, stage) {
  const started = performance.now()
  const value = await stage()
  console.log(`— ${name}: ${((performance.now() - started) / 1000).toFixed(1)} s`)
  return value
}

/** @returns {Promise<import('./lib/machine.mjs').Ready<string>>} */
async function readyWheel() {
  const { code, output } = await run(process.execPath, [join('extension', 'build.mjs'), '--if-changed'], {
    quiet: true,
  })
  if (code === 0) return { ok: true, value: '' }
  return {
    ok: false,
    reason: `the extension's wheel could not be built: ${output.trimEnd().split('\n').slice(-5).join(' ')}`,
  }
}

async function setUp() {
  await ensureModules(join(ROOT, 'extension'), { quiet: true })
  await buildDashboard()
  const [chromium, python] = await Promise.all([readyChromium(), readyVenv()])
  // After them: on a bare machine they install the Python that these need.
  const [installs, wheel] = python.ok ? await Promise.all([readyInstalls(), readyWheel()]) : [python, python]
  return { chromium, python, installs, wheel }
}

await main(async () => {
  await ensureRuntime(import.meta.url)
  mkdirSync(RESULTS, { recursive: true })
  /** @type {import('./lib/results.mjs').NotRun[]} */
  const notRun = []
  const { chromium, python, installs, wheel } = await timed('set-up', setUp)
  const counts = [await timed('units', () => vitest('units', []))]
  const missing = [chromium, python, wheel].find((part) => !part.ok)
  if (missing === undefined) {
    const env = { ...process.env, LECTERN_TEST_CHROMIUM: chromium.value, LECTERN_TEST_PYTHON: python.value }
    const args = ['--config', 'e2e/vitest.config.ts', ...(installs.ok ? [] : ['--exclude', '**/install.test.ts'])]
    counts.push(await timed('end to end', () => vitest('e2e', args, env)))
    if (!installs.ok) notRun.push({ what: 'tests of installing', reason: installs.reason })
  } else {
    notRun.push({ what: 'end-to-end tests', reason: missing.reason })
  }
  const { lines, ok } = closing(counts, notRun, process.env['CI'] === 'true')
  if (lines.length === 0) throw new Stop('No test was run.')
  for (const line of lines) console.log(line)
  return ok ? 0 : 1
})
