// Counts of the test runners, added up.
import { existsSync, readFileSync } from 'node:fs'

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {{ what: string, reason: string }} NotRun
 */

/**
 * Counts from a report of vitest's JSON reporter. A file that could not be loaded counts as one failure, and so does a
 * missing report or a run that ended badly without a failed test.
 * @param {string} file
 * @param {number} code exit code of the run
 * @returns {Counts}
 */
export function vitestCounts(file, code) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 }
  const report = JSON.parse(readFileSync(file, 'utf8'))
  const broken = report.testResults.filter(
    (/** @type {any} */ result) =>
      result.status === 'failed' &&
      result.assertionResults.every((/** @type {any} */ test) => test.status !== 'failed'),
  )
  const failed = report.numFailedTests + broken.length
  const skipped = report.numPendingTests + report.numTodoTests
  return { passed: report.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed, skipped }
}

/**
 * The closing lines: what was not run and why, then the sum alone on the last line. With `strict` (CI) whatever was not run is a failure.
 * @param {readonly Counts[]} counts
 * @param {readonly NotRun[]} notRun
 * @param {boolean} strict
 * @returns {{ lines: string[], ok: boolean }}
 */
export function closing(counts, notRun, strict) {
  const sum = (/** @type {keyof Counts} */ key) => counts.reduce((total, count) => total + count[key], 0)
  const failed = sum('failed') + (strict ? notRun.length : 0)
  const skipped = sum('skipped')
  const named = notRun.map(({ what, reason }) => `${strict ? 'FAILED, not run' : 'Not run'}: ${what}: ${reason}`)
  const last = `${sum('passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
  return { lines: [...named, last], ok: failed === 0 && sum('passed') > 0 }
}
