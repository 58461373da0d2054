import fc from 'fast-check'
import { expect, it } from 'vitest'
import { jsonPieces } from './json-pieces.ts'

it('breaks JSON into a line for each member, and not within texts', () => {
  const pieces = jsonPieces('{"a":1,"b":{"c":"x, {y}","d":["\\"",[]]}}')
  expect(pieces.map(({ depth, text }) => `${' '.repeat(depth)}${text}`)).toEqual([
    '{',
    ' "a":1,',
    ' "b":{',
    '  "c":"x, {y}",',
    '  "d":[',
    '   "\\"",',
    '   [',
    '   ]',
    '  ]',
    ' }',
    '}',
  ])
})

it('changes no letter', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      const pieces = jsonPieces(json)
      expect(pieces.map(({ text }) => text).join('')).toBe(json)
      expect(pieces.every(({ depth }) => depth >= 0)).toBe(true)
    }),
  )
})
