import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MATRIX_STATES, readMatrixRow, writeMatrixCell, type MatrixCell } from './matrix.ts'

const cell: fc.Arbitrary<MatrixCell> = fc.record({
  state: fc.constantFrom(...MATRIX_STATES),
  tries: fc.integer({ min: 1, max: 1_000_000 }),
  seconds: fc.integer({ min: 0, max: 100_000_000 }),
})

describe('a row of the matrix', () => {
  it('MTX-1 is read as it was written, with what was not reached left out', () => {
    fc.assert(
      fc.property(fc.array(fc.option(cell, { nil: undefined }), { minLength: 1 }), (cells) => {
        const row = cells.map((one) => (one ? writeMatrixCell(one) : '')).join(',')
        expect(readMatrixRow(row)).toEqual(row === '' ? [] : cells)
      }),
    )
    expect(readMatrixRow('d,,f2.p')).toEqual([
      { state: 'done', tries: 1, seconds: 0 },
      undefined,
      { state: 'failing', tries: 2, seconds: 25 },
    ])
  })

  it('MTX-1 takes a state of a later version for nothing known', () => {
    expect(readMatrixRow('z2,d')).toEqual([undefined, { state: 'done', tries: 1, seconds: 0 }])
    expect(readMatrixRow('')).toEqual([])
  })
})
