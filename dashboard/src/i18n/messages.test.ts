import { createTranslator } from 'use-intl'
import { isErrorCode } from '@lectern/protocol'
import { describe, expect, it } from 'vitest'
import { stopwatch } from './duration.ts'
import { en } from './en.ts'
import { ja } from './ja.ts'

type Tree = { readonly [name: string]: string | Tree }

function leaves(tree: Tree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([name, value]) =>
    typeof value === 'string' ? [[path + name, value] as [string, string]] : leaves(value, `${path}${name}.`),
  )
}

/** Names of the arguments of a message, whatever their format. */
const argumentsOf = (message: string) =>
  [...new Set([...message.matchAll(/\{\s*(\w+)\s*[,}]/g)].map(([, name = '']) => name))].toSorted()

/** A number for each argument of a message, which every format takes. */
const valuesFor = (message: string) => Object.fromEntries(argumentsOf(message).map((name) => [name, 2]))

describe.each([
  ['en', en],
  ['ja', ja],
] as const)('%s', (locale, messages) => {
  it.each(leaves(messages))('says %s', (key, message) => {
    const t = createTranslator({ locale, messages: messages, onError: (error) => expect.fail(error.message) })
    const said = (t as (key: string, values: object) => string)(key, valuesFor(message))
    expect(said).not.toBe('')
    expect(said).not.toMatch(/[{}]/)
  })
})

it('has the same messages with the same arguments in both languages', () => {
  const english = new Map(leaves(en))
  const japanese = new Map(leaves(ja))
  expect([...japanese.keys()]).toEqual([...english.keys()])
  // A language without plural forms may leave a number out of the sentence, but must not want more.
  for (const [key, message] of japanese) {
    for (const name of argumentsOf(message)) expect(argumentsOf(english.get(key) ?? ''), key).toContain(name)
  }
})

it('translates only codes that exist', () => {
  const own = ['title', 'network', 'unknown']
  const codes = Object.keys(en.problem).filter((code) => !own.includes(code))
  expect(codes.filter((code) => !isErrorCode(code))).toEqual([])
})

it('shows waiting as minutes and seconds', () => {
  expect([-5, 0, 65_000, 3_600_000 + 185_000].map(stopwatch)).toEqual(['0:00', '0:00', '1:05', '1:03:05'])
})
