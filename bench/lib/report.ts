import { mkdirSync, writeFileSync } from 'node:fs'
import { arch, cpus, platform, release, totalmem } from 'node:os'
import { join } from 'node:path'

/** Where results are kept; the report takes them beside itself. */
const RESULTS = process.env['LECTERN_RESULTS_DIR'] ?? join(import.meta.dirname, '..', 'results')

/** One row of a table: a name and its cells, in the order of the columns. */
export type Row = readonly (string | number)[]

/** Where the numbers come from. */
export function machine() {
  const [cpu] = cpus()
  return {
    cpu: cpu?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Number((totalmem() / 1024 ** 3).toFixed(1)),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.versions.node,
  }
}

/** Prints a table with its columns under each other. */
export function printTable(head: Row, rows: readonly Row[]): void {
  const lines = [head, ...rows].map((row) => row.map(String))
  const widths = head.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)))
  for (const line of lines) {
    console.log(
      line
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    )
  }
}

/** Keeps the result beside the machine it was measured on, and ends the output with it as one line of JSON. */
export function finish(name: string, result: Readonly<Record<string, unknown>>): void {
  const whole = { bench: name, at: new Date().toISOString(), machine: machine(), ...result }
  mkdirSync(RESULTS, { recursive: true })
  writeFileSync(join(RESULTS, `${name}.json`), `${JSON.stringify(whole, null, 2)}\n`)
  console.log(JSON.stringify(whole))
}
