// npm run report [-- --out FOLDER]: measures this machine with everything in bench/ and writes the performance report in
// English and Japanese, as Markdown and as a page; compares with the report that was there before. With --while-input it
// ends when its standard input does: whoever asked for it is gone.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { machine } from '../lib/report.ts'
import { writeReport } from './document.ts'
import { meets, tableLines, type Language } from './lines.ts'
import { markdownOf } from './markdown.ts'
import { measureAll } from './measure.ts'
import { pageOf } from './page.ts'
import type { ReportData } from './results.ts'

const LANGUAGES: readonly Language[] = ['en', 'ja']

function readLast(file: string): ReportData | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ReportData
  } catch {
    return undefined
  }
}

/** A reader finds the old file or the new one, never half of one. */
function replace(file: string, text: string): void {
  writeFileSync(`${file}.new`, text)
  renameSync(`${file}.new`, file)
}

const { values } = parseArgs({ options: { out: { type: 'string' }, 'while-input': { type: 'boolean' } } })
const folder = resolve(values.out ?? join(import.meta.dirname, '..', '..', '.lectern', 'report'))
mkdirSync(folder, { recursive: true })
// The single measurements keep theirs beside the report.
process.env['LECTERN_RESULTS_DIR'] = folder
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
if (values['while-input']) process.stdin.resume().once('end', () => stop.abort())

const began = performance.now()
const at = new Date().toISOString()
const { measured, failed } = await measureAll({
  signal: stop.signal,
  onStep: (name, done) => process.stderr.write(`${Math.round(done * 100)} % ${name}\n`),
})
const report: ReportData = { at, seconds: (performance.now() - began) / 1000, machine: machine(), measured, failed }
const last = readLast(join(folder, 'report.json'))
for (const language of LANGUAGES) {
  const blocks = writeReport(report, last, language)
  replace(join(folder, `report.${language}.md`), markdownOf(blocks))
  replace(join(folder, `report.${language}.html`), pageOf(blocks, language))
  if (language === 'en') console.log(markdownOf(blocks))
}
replace(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`)
const lines = tableLines(measured)
console.log(
  JSON.stringify({
    report: folder,
    seconds: Math.round(report.seconds),
    met: lines.filter((line) => meets(line) === true).length,
    missed: lines.filter((line) => meets(line) === false).map(({ id, what }) => `${id} ${what.en}`),
    notMeasured: lines.filter((line) => meets(line) === undefined).map(({ id, what }) => `${id} ${what.en}`),
    failed,
  }),
)
process.exit(Object.keys(failed).length > 0 ? 1 : 0)
