import { describe, expect, it } from 'vitest'
import { createRefusals } from './refusals.ts'

describe('refusals in the log', () => {
  it('are a line each, at most 60 a minute of each code, and the rest as a number', () => {
    const time = { now: 0 }
    const lines: { code: string; count?: number; actor?: string }[] = []
    const note = createRefusals({ logger: { warn: (line: object) => lines.push(line as never) }, now: () => time.now })
    const refusal = { actor: 'u_1', what: 'GET /api/v2/system/audit' }
    for (let count = 0; count < 100; count += 1) note('forbidden', refusal)
    note('wrong_origin', { ...refusal, actor: undefined })
    note('not_found', refusal)
    expect(lines.filter(({ code }) => code === 'forbidden')).toHaveLength(60)
    expect(lines.filter(({ code }) => code === 'wrong_origin')).toHaveLength(1)
    expect(lines).toHaveLength(61)
    time.now += 60_000
    note('forbidden', refusal)
    expect(lines.slice(61)).toEqual([
      { code: 'forbidden', count: 40 },
      { code: 'forbidden', ...refusal },
    ])
  })
})
