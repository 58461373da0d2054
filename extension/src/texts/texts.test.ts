import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { translated } from '../lab/settings-language.ts'
import { settingsJa } from './settings-ja.ts'
import { textsFor } from './texts.ts'

/** Members of a table of texts by their path, each with what it says; functions are asked with numbers. */
function said(texts: unknown, path = ''): [string, string][] {
  if (typeof texts === 'string') return [[path, texts]]
  if (typeof texts === 'function') return [[path, (texts as (...args: number[]) => string)(3, 4)]]
  return Object.entries(texts as object).flatMap(([name, value]) => said(value, `${path}.${name}`))
}

const JAPANESE = /[\u3040-\u30ff\u4e00-\u9fff、。]/
/** The name of the program, and what others have written, are the same in every language. */
const SAME = new Set(['.language', '.panel.title', '.status.joined', '.talk.notice.message'])

describe('texts', () => {
  it('says everything in Japanese that it says in English, and nothing in the wrong language', () => {
    const [en, ja] = [said(textsFor('en')), said(textsFor('ja'))]
    expect(new Set(ja.map(([path]) => path))).toEqual(new Set(en.map(([path]) => path)))
    expect(en.filter(([, text]) => JAPANESE.test(text))).toEqual([])
    expect(ja.filter(([path, text]) => !SAME.has(path) && !JAPANESE.test(text))).toEqual([])
  })

  it('has every setting in both languages', () => {
    const schema = JSON.parse(readFileSync(new URL('../../schema/plugin.json', import.meta.url), 'utf8'))
    expect(Object.keys(settingsJa.properties)).toEqual(Object.keys(schema.properties))
    const { properties, description } = translated(schema, settingsJa)
    expect(description).toMatch(JAPANESE)
    for (const [name, property] of Object.entries<any>(properties ?? {})) {
      const { title, description: about, ...rest } = schema.properties[name]
      expect(property).toEqual({ ...rest, ...settingsJa.properties[name] })
      expect(title).not.toMatch(JAPANESE)
      expect(settingsJa.properties[name]!.title).toMatch(JAPANESE)
      expect(settingsJa.properties[name]!.description === undefined).toBe(about === undefined)
    }
  })
})
