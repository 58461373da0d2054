import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StoredEvent } from '@lectern/protocol'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { countRecovery, nothingCarried, wilson, type Counts } from './experiment-count.ts'
import { openFlags, type FlagStore } from './flag-store.ts'
import { FLAGS } from './flags.ts'

let folder: string
let file: string
let faults: string[]
let flags: FlagStore
let servers = 0

const entry = (more: object = {}) => ({
  state: 'ENABLED',
  variants: { standard: 'standard', patient: 'patient' },
  defaultVariant: 'standard',
  ...more,
})
const write = (value: unknown): void =>
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify({ flags: { 'attention-rules': value } }))
const half = {
  fractional: [
    ['standard', 50],
    ['patient', 50],
  ],
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lectern-flags-'))
  file = join(folder, 'flags.json')
  faults = []
  servers += 1
  flags = await openFlags({ file, domain: `test-${servers}`, clock: Date.now, onFault: (fault) => faults.push(fault) })
})

afterEach(async () => {
  await flags.close()
  rmSync(folder, { recursive: true, force: true })
})

const variants = (count: number): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => flags.variant('attention-rules', `k${index}`)))

describe('flags', () => {
  it('have the defaults of the code without a file, and what the file says as soon as it does', async () => {
    expect(await flags.variant('attention-rules', 'k1')).toBe('standard')
    let told = 0
    flags.onChange(() => (told += 1))
    write(entry({ defaultVariant: 'patient' }))
    await expect.poll(() => flags.variant('attention-rules', 'k1')).toBe('patient')
    expect(told).toBe(1)
    rmSync(file)
    await expect.poll(() => flags.variant('attention-rules', 'k1')).toBe('standard')
  })

  it('are killed at once, whatever else the file says', async () => {
    write(entry({ state: 'DISABLED', defaultVariant: 'patient' }))
    await expect.poll(() => flags.list()[0]?.state).toBe('killed')
    expect(new Set(await variants(50))).toEqual(new Set(['standard']))
  })

  it('are rolled out by share, each class always on the same side', async () => {
    write(entry({ targeting: half }))
    await expect.poll(() => flags.list()[0]?.shares).toEqual({ standard: 50, patient: 50 })
    const first = await variants(400)
    expect(await variants(400)).toEqual(first)
    const share = first.filter((variant) => variant === 'patient').length
    expect(share).toBeGreaterThan(140)
    expect(share).toBeLessThan(260)
    // A larger share keeps those who had it.
    flags.edit('attention-rules', { shares: { patient: 80, standard: 20 } })
    const more = (await variants(400)).filter((variant) => variant === 'patient').length
    expect(more).toBeGreaterThan(share)
  })

  it.each([
    ['no JSON', '{'],
    ['no flags', '{"flags":[]}'],
    ['an unknown flag', '{"flags":{"nothing":{"state":"ENABLED","variants":{"a":"a"},"defaultVariant":"a"}}}'],
    [
      'a name of the prototype',
      '{"flags":{"__proto__":{"state":"ENABLED","variants":{"a":"a"},"defaultVariant":"a"}}}',
    ],
    ['an inherited name', '{"flags":{"toString":{"state":"ENABLED","variants":{"a":"a"},"defaultVariant":"a"}}}'],
    ['an unknown state', entry({ state: 'MAYBE' })],
    ['an unknown variant', entry({ variants: { standard: 'standard', wild: 'wild' } })],
    ['a variant of another value', entry({ variants: { standard: 'patient' } })],
    ['a default that is no variant', entry({ defaultVariant: 'wild' })],
    [
      'shares that do not add up',
      entry({
        targeting: {
          fractional: [
            ['standard', 50],
            ['patient', 49],
          ],
        },
      }),
    ],
    [
      'a share of nobody',
      entry({
        targeting: {
          fractional: [
            ['standard', 50],
            ['wild', 50],
          ],
        },
      }),
    ],
    ['a targeting that gives no variant', entry({ targeting: { if: [true, 'wild', 'standard'] } })],
    ['a targeting of an unknown kind', entry({ targeting: { nothing: [1] } })],
    ['too deep', `{"flags":${'{"a":'.repeat(40)}1${'}'.repeat(41)}`],
  ])('are never of a bad file (%s): the last good one stays, and the reason is told', async (_, bad) => {
    write(entry({ defaultVariant: 'patient' }))
    await expect.poll(() => flags.variant('attention-rules', 'k1')).toBe('patient')
    const changes = flags.changes()
    write(bad)
    await expect.poll(() => flags.fault()).toBeTruthy()
    expect(faults).toHaveLength(1)
    expect(await flags.variant('attention-rules', 'k1')).toBe('patient')
    expect(flags.changes()).toBe(changes)
    expect(() => flags.edit('attention-rules', { state: 'killed' })).toThrow(/Put it right first/)
    write(entry())
    await expect.poll(() => flags.fault()).toBeUndefined()
    expect(await flags.variant('attention-rules', 'k1')).toBe('standard')
  })

  it('are edited in the file, whole and private, with what others wrote kept', async () => {
    write({ ...entry(), metadata: { ticket: 'abc' } })
    await expect.poll(() => flags.changes()).toBe(2)
    flags.edit('attention-rules', { defaultVariant: 'patient' })
    flags.setExperiment('rules-and-recovery', true)
    const { flags: written } = JSON.parse(readFileSync(file, 'utf8'))
    expect(written['attention-rules']).toMatchObject({
      defaultVariant: 'patient',
      metadata: { ticket: 'abc', experiment: 'rules-and-recovery' },
    })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(flags.experimentOver('attention-rules')).toBe('rules-and-recovery')
    flags.setExperiment('rules-and-recovery', false)
    expect(flags.experimentOver('attention-rules')).toBeUndefined()
    const before = readFileSync(file, 'utf8')
    expect(() => flags.edit('attention-rules', { shares: { patient: 10, standard: 10 } })).toThrow(/add up to 100/)
    expect(() => flags.edit('attention-rules', { defaultVariant: 'wild' })).toThrow(/not among/)
    expect(readFileSync(file, 'utf8')).toBe(before)
  })

  it('are all read by something', () => {
    const sources = (path: string): string[] =>
      readdirSync(path, { withFileTypes: true }).flatMap((found) =>
        found.isDirectory() ? sources(join(path, found.name)) : [join(path, found.name)],
      )
    const code = sources(join(import.meta.dirname, '..'))
      .filter((name) => name.endsWith('.ts') && !name.includes('.test.') && !name.endsWith('flags/flags.ts'))
      .map((name) => readFileSync(name, 'utf8'))
      .join('\n')
    const unread = (keys: readonly string[]) => keys.filter((key) => !code.includes(`variant('${key}'`))
    expect(unread(Object.keys(FLAGS))).toEqual([])
    expect(unread(['a-flag-that-nothing-reads'])).toEqual(['a-flag-that-nothing-reads'])
  })
})

const MINUTE = 60_000
let offset = 0
interface Told {
  type: string
  minute: number
  data: object
  student?: string | undefined
}
const event = ({ type, minute, data, student = 's1' }: Told): StoredEvent => {
  offset += 1
  const place = { notebook: { id: 'n', path: 'n' }, cell: { id: 'c', index: 0, type: 'code' } }
  return {
    offset,
    student,
    type,
    data,
    time: minute * MINUTE,
    ...(type === 'cell_executed' ? place : {}),
  } as StoredEvent
}
const ran = (status: string, minute: number, student?: string) =>
  event({ type: 'cell_executed', minute, data: { status }, student })
const rules = (name: string, experiment?: string) =>
  event({
    type: 'rules_changed',
    minute: 0,
    data: { rules: name, ...(experiment === undefined ? {} : { experiment }) },
    student: '',
  })

describe('experiments', () => {
  const count = (events: StoredEvent[], cut = events.length): Counts => {
    const [carry, counts] = [nothingCarried(), {} as Counts]
    countRecovery(events.slice(0, cut), carry, counts)
    // Carried on as JSON, as a restart would.
    countRecovery(events.slice(cut), JSON.parse(JSON.stringify(carry)), counts)
    return counts
  }
  const trouble = (minute: number, student?: string) => [0, 1, 2].map((at) => ran('error', minute + at, student))
  const log = [
    ...trouble(0, 's9'),
    rules('patient', 'rules-and-recovery'),
    ...trouble(10, 's1'),
    ran('ok', 20, 's1'),
    ...trouble(30, 's2'),
    ran('ok', 43, 's2'),
    rules('standard'),
    ...trouble(50, 's3'),
    ran('ok', 53, 's3'),
  ]

  it('count recoveries within ten minutes, under rules that the experiment chose, and nothing else', () => {
    expect(count(log)).toEqual({ patient: { subjects: 2, outcomes: 1 } })
    expect(count([...trouble(0), ran('ok', 5)])).toEqual({})
  })

  it('count the same however the log is cut', () => {
    fc.assert(
      fc.property(fc.nat(log.length), (cut) => {
        expect(count(log, cut)).toEqual(count(log))
      }),
    )
  })

  it('give Wilson intervals', () => {
    // Newcombe, Statistics in Medicine 17 (1998): 81 of 263.
    const found = wilson({ subjects: 263, outcomes: 81 })
    expect(found?.low).toBeCloseTo(0.2553, 4)
    expect(found?.high).toBeCloseTo(0.3662, 4)
    expect(wilson({ subjects: 0, outcomes: 0 })).toBeUndefined()
    expect(wilson({ subjects: 5, outcomes: 0 })?.low).toBe(0)
  })
})
