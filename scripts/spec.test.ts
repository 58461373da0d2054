import { describe, expect, it } from 'vitest'
import { rulesOf, specFaults } from './lib/spec.mjs'

const SPEC = '- **EVT-1** An event has an id.\n- **EVT-2** An id is a UUID. See EVT-1.\n'
const withTest = (source: string) => new Map([['events.test.ts', source]])

describe('specification coverage', () => {
  it('takes the rules from their bold ids alone', () => {
    expect(rulesOf(SPEC)).toEqual(['EVT-1', 'EVT-2'])
  })

  it('is content when each rule is in a title', () => {
    expect(specFaults(SPEC, withTest("it('EVT-1 asks for an id', f)\nit.each([1])(`EVT-2 takes %s`, f)"))).toEqual([])
  })

  it('reads several ids from one title', () => {
    expect(specFaults(SPEC, withTest("describe('EVT-1, EVT-2 ids', f)"))).toEqual([])
  })

  it('names a rule without a test', () => {
    expect(specFaults(SPEC, withTest("it('EVT-1 asks for an id', f)"))).toEqual([
      'EVT-2 has no test that carries its id',
    ])
  })

  it('names a test of an unknown rule', () => {
    const faults = specFaults(SPEC, withTest("it('EVT-1, EVT-2 hold', f)\nit('EVT-9 holds', f)"))
    expect(faults).toEqual(['events.test.ts names EVT-9, which the specification does not have'])
  })

  it('does not take a comment or an encoding for a rule', () => {
    expect(specFaults(SPEC, withTest("// EVT-1\nit('EVT-2 is a UUID', f)\nit('UTF-8 is read', f)"))).toEqual([
      'EVT-1 has no test that carries its id',
    ])
  })
})
