// Every requirement of OWASP ASVS 5.0 up to level 2 stands in docs/asvs.md, with tests that are there or a reason.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { asvsCounts, asvsFaults, requirements } from './lib/asvs.mjs'
import { main, ROOT } from './lib/process.mjs'

/** @param {string} file */
const read = (file) => (existsSync(join(ROOT, file)) ? readFileSync(join(ROOT, file), 'utf8') : undefined)

await main(async () => {
  const markdown = read('docs/asvs.md') ?? ''
  const faults = asvsFaults(markdown, read)
  for (const fault of faults) console.error(fault)
  const counts = Object.entries(asvsCounts(markdown)).map(([verdict, count]) => `${count} ${verdict}`)
  console.error(`${requirements().size} requirements, ${faults.length} faults: ${counts.join(', ')}.`)
  return faults.length === 0 ? 0 : 1
})
