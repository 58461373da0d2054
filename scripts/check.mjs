// npm run check: types, lint and fences, format, dead code, generated documents, specification coverage,
// security requirements.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { main, ROOT, run } from './lib/process.mjs'
import { ensureModules, ensureRuntime } from './lib/runtime.mjs'

const bin = (/** @type {string} */ name) => join(ROOT, 'node_modules', '.bin', name)

/**
 * Compares a generated document with the one in the tree.
 * @param {string} file
 * @param {readonly string[]} args of the program that prints it
 */
const sameDocument = (file, args) => async () => {
  const { code, output } = await run(process.execPath, args, { quiet: true })
  if (code !== 0) return { code, output }
  const same = output === readFileSync(join(ROOT, file), 'utf8')
  const remedy = `${file} is not what the sources say; write it again with \`node ${args.join(' ')} > ${file}\`.`
  return same ? { code: 0, output: '' } : { code: 1, output: remedy }
}

const program = (/** @type {string} */ command, /** @type {readonly string[]} */ args) => () =>
  run(command, args, { quiet: true })

/** @type {readonly (readonly [string, () => Promise<{ code: number, output: string }>])[]} */
const STEPS = [
  ['types', program(bin('tsc'), ['-b'])],
  ['types of the extension', program(bin('tsc'), ['--noEmit', '-p', 'extension'])],
  ['lint and fences', program(bin('oxlint'), [])],
  ['format', program(bin('oxfmt'), ['--check'])],
  ['dead code', program(bin('knip'), [])],
  ['docs/configuration.md', sameDocument('docs/configuration.md', ['server/src/main.ts', 'config', 'doc'])],
  ['docs/errors.md', sameDocument('docs/errors.md', ['server/src/main.ts', 'errors', 'doc'])],
  ['docs/rights.md', sameDocument('docs/rights.md', ['server/src/main.ts', 'rights', 'doc'])],
  ['specification coverage', program(process.execPath, ['scripts/spec-coverage.mjs'])],
  ['security requirements', program(process.execPath, ['scripts/asvs.mjs'])],
]

await main(async () => {
  await ensureRuntime(import.meta.url)
  await ensureModules(join(ROOT, 'extension'), { quiet: true })
  const failed = []
  for (const [name, step] of STEPS) {
    const started = performance.now()
    const { code, output } = await step()
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`)
    if (code === 0) continue
    failed.push(name)
    console.log(output.trimEnd().replace(/^/gm, '       '))
  }
  console.log(failed.length === 0 ? 'All checks passed.' : `Failed: ${failed.join(', ')}.`)
  return failed.length === 0 ? 0 : 1
})
