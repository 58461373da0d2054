import { expect, it } from 'vitest'
import { readArgs, UsageError } from './args.ts'

const URL_AND_CODE = ['--url', 'http://127.0.0.1:8000', '--code', 'ABCD']
const read = (...argv: string[]) => readArgs([...URL_AND_CODE, ...argv], 'staff-token')

it('JOI-1 reads what the usage says', () => {
  expect(read()).toMatchObject({
    students: 200,
    rate: 'realistic',
    minutes: 5,
    seed: 1,
    transport: 'mixed',
    verify: true,
  })
  expect(read('--rate', '7000', '--students', '350', '--transport', 'ws')).toMatchObject({
    rate: 7000,
    students: 350,
    transport: 'ws',
  })
  expect(readArgs(['--url', 'http://x', '--demo'], 'staff-token')).toMatchObject({ demo: true, code: undefined })
})

it('JOI-1 refuses what can not be, and says what', () => {
  for (const [argv, message] of [
    [['--students', '0'], /--students/],
    [['--students', '1.5'], /whole number/],
    [['--rate', 'fast'], /--rate/],
    [['--minutes', ''], /--minutes/],
    [['--transport', 'pigeon'], /http, ws, mixed/],
    [['--dance'], /dance/],
  ] as const) {
    expect(() => read(...argv)).toThrow(message)
  }
  expect(() => readArgs(['--code', 'A'], 't')).toThrow(/--url/)
  expect(() => readArgs(['--url', 'http://x'], 't')).toThrow(/--code/)
  expect(() => readArgs(URL_AND_CODE, undefined)).toThrow(UsageError)
  expect(readArgs([...URL_AND_CODE, '--no-verify'], undefined).verify).toBe(false)
})
