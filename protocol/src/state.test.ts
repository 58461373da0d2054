import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { Compile } from 'typebox/compile'
import { describe, expect, it } from 'vitest'
import { addChange, applyChanges, applyPatch, type Patch } from './merge-patch.ts'
import { ClassState, currentAttention, emptyState, stateHash } from './state.ts'

const fixture = JSON.parse(readFileSync(new URL('../fixtures/state.json', import.meta.url), 'utf8'))

const keys = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor')
const patches: fc.Arbitrary<Patch> = fc.letrec<{ patch: Patch }>((tie) => ({
  patch: fc.dictionary(
    keys,
    fc.oneof({ maxDepth: 3 }, fc.constant(null), fc.integer(), fc.array(fc.integer(), { maxLength: 2 }), tie('patch')),
    { maxKeys: 3, noNullPrototype: true },
  ),
})).patch

describe('merge patches', () => {
  it('STA-3 follows the examples of RFC 7396 for objects', () => {
    const cases: [object, Patch, object][] = [
      [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
      [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
      [{ a: 'b' }, { a: null }, {}],
      [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
      [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
      [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
      [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
      [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
      [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
    ]
    for (const [target, patch, result] of cases) expect(applyPatch(target, patch)).toEqual(result)
  })

  it('STA-3 gives by merged changes what the patches give one by one', () => {
    fc.assert(
      fc.property(patches, fc.array(patches, { maxLength: 8 }), (start, list) => {
        const base = applyPatch({}, start)
        const merged: Patch[] = []
        for (const patch of list) addChange(merged, patch)
        expect(applyChanges(base, merged)).toEqual(applyChanges(base, list))
      }),
      { seed: 7, numRuns: 2000 },
    )
  })

  it('STA-3 brings a reader who is anywhere in between to the end', () => {
    fc.assert(
      fc.property(patches, fc.array(patches, { maxLength: 8 }), fc.nat(8), (start, list, cut) => {
        const base = applyPatch({}, start)
        const merged: Patch[] = []
        for (const patch of list) addChange(merged, patch)
        const between = applyChanges(base, list.slice(0, cut))
        expect(applyChanges(between, merged)).toEqual(applyChanges(base, list))
      }),
      { seed: 11, numRuns: 2000 },
    )
  })

  it('STA-3 keeps a removal apart from the addition after it', () => {
    const changes: Patch[] = []
    addChange(changes, { errors: { e1: null } })
    addChange(changes, { errors: { e1: { total: 1 } } })
    expect(applyChanges({ errors: { e1: { total: 9, message: 'old' } } }, changes)).toEqual({
      errors: { e1: { total: 1 } },
    })
  })

  it('STA-3 changes neither the target nor the patch, and shares what is untouched', () => {
    const target = { a: { x: 1 }, b: { y: 1 } }
    const patch = { a: { x: 2 } }
    const result = applyPatch(target, patch)
    expect([target.a.x, patch.a.x, result.a.x]).toEqual([1, 2, 2])
    expect(result.b).toBe(target.b)
  })

  it('LIM-4 keeps __proto__ a member like any other', () => {
    const result = applyPatch({}, JSON.parse('{"__proto__":{"polluted":true}}'))
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype)
    expect(({} as any).polluted).toBeUndefined()
    expect(Object.hasOwn(result, '__proto__')).toBe(true)
  })
})

describe('state', () => {
  it('STA-1 fits the fixture, before and after its changes', () => {
    const check = Compile(ClassState)
    expect(check.Check(fixture.before)).toBe(true)
    expect(check.Check(fixture.after)).toBe(true)
    expect(check.Check(emptyState())).toBe(true)
    expect(check.Check({ ...fixture.after, students: { s1: {} } })).toBe(false)
  })

  it('STA-3 STA-4 leads by the changes of the fixture to its state and hash', () => {
    expect(stateHash(fixture.before)).toBe(fixture.hashBefore)
    const after = applyChanges(fixture.before, fixture.changes)
    expect(after).toEqual(fixture.after)
    expect(stateHash(after)).toBe(fixture.hashAfter)
    expect(fixture.hashAfter).not.toBe(fixture.hashBefore)
  })

  it('STA-4 has a hash that does not depend on the order of members, and does on their values', () => {
    const reversed = (value: any): any =>
      value && typeof value === 'object' && !Array.isArray(value)
        ? Object.fromEntries(
            Object.entries(value)
              .toReversed()
              .map(([name, inner]) => [name, reversed(inner)]),
          )
        : value
    expect(stateHash(reversed(fixture.after))).toBe(fixture.hashAfter)
    const other = structuredClone(fixture.after)
    other.students.s1.executions += 1
    expect(stateHash(other)).not.toBe(fixture.hashAfter)
  })

  it('STA-2 picks the phase in force by the time of the reader', () => {
    const phases = fixture.before.students.s1.attention
    expect(currentAttention(phases, phases[0].from - 1)?.kind).toBe('failing')
    expect(currentAttention(phases, phases[1].from - 1)?.kind).toBe('failing')
    expect(currentAttention(phases, phases[1].from)?.kind).toBe('stuck')
    expect(currentAttention([], 0)).toBeUndefined()
  })
})
