import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { closing, vitestCounts } from './lib/results.mjs'

const folder = mkdtempSync(join(tmpdir(), 'lectern-results-'))
afterAll(() => rmSync(folder, { recursive: true }))

let reports = 0
const report = (content: object) => {
  reports += 1
  const file = join(folder, `${reports}.json`)
  writeFileSync(
    file,
    JSON.stringify({
      numPassedTests: 3,
      numFailedTests: 0,
      numPendingTests: 0,
      numTodoTests: 0,
      testResults: [],
      ...content,
    }),
  )
  return file
}

describe('test results', () => {
  it('counts a file that could not be loaded as a failure', () => {
    const file = report({ testResults: [{ status: 'failed', assertionResults: [] }] })
    expect(vitestCounts(file, 1)).toEqual({ passed: 3, failed: 1, skipped: 0 })
  })

  it('counts a bad end without a failed test, and a missing report, as a failure', () => {
    expect(vitestCounts(report({}), 1).failed).toBe(1)
    expect(vitestCounts('/nowhere/report.json', 0).failed).toBe(1)
  })

  it('sums all runners on the last line', () => {
    const counts = [report({}), report({ numPassedTests: 2, numPendingTests: 1 })].map((file) => vitestCounts(file, 0))
    expect(closing(counts, [], true)).toEqual({ lines: ['5 passed, 0 failed, 1 skipped'], ok: true })
  })

  it('names what was not run, and fails on it in CI alone', () => {
    const counts = [vitestCounts(report({}), 0)]
    const notRun = [{ what: 'end-to-end tests', reason: 'Chromium missing' }]
    expect(closing(counts, notRun, false)).toEqual({
      lines: ['Not run: end-to-end tests: Chromium missing', '3 passed, 0 failed'],
      ok: true,
    })
    expect(closing(counts, notRun, true).ok).toBe(false)
    expect(closing(counts, notRun, true).lines.at(-1)).toBe('3 passed, 1 failed')
  })

  it('is not content with no test at all', () => {
    expect(closing([], [], false).ok).toBe(false)
  })
})
