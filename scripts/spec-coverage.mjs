// Every rule of protocol/SPEC.md is carried by a test title, and no test title names a rule that is not there.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { main, ROOT } from './lib/process.mjs'
import { rulesOf, specFaults } from './lib/spec.mjs'

const ROOMS = ['protocol', 'server', 'dashboard', 'simulator', 'bench', 'e2e', 'extension']
const SKIPPED = new Set(['node_modules', 'dist', 'lib', '.build', 'fixtures'])

/**
 * @param {string} folder
 * @returns {string[]}
 */
const testsUnder = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : testsUnder(path)
    return /\.(test\.tsx?|contract\.ts)$/.test(entry.name) ? [path] : []
  })

await main(async () => {
  const spec = readFileSync(join(ROOT, 'protocol', 'SPEC.md'), 'utf8')
  const files = ROOMS.flatMap((room) => testsUnder(join(ROOT, room)))
  const tests = new Map(files.map((file) => [relative(ROOT, file), readFileSync(file, 'utf8')]))
  const faults = specFaults(spec, tests)
  for (const fault of faults) console.error(fault)
  console.error(`${rulesOf(spec).length} rules, ${tests.size} test files, ${faults.length} faults.`)
  return faults.length === 0 ? 0 : 1
})
