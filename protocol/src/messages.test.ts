import { readFileSync } from 'node:fs'
import { Compile } from 'typebox/compile'
import { describe, expect, it } from 'vitest'
import { afterClose, CLOSE_CODES } from './close-codes.ts'
import { ERRORS, isErrorCode, type ErrorEntry } from './errors.ts'
import { PROTOCOL_VERSION, SUBPROTOCOL } from './limits.ts'
import { ClientMessage, ServerMessage } from './messages.ts'

const fixture = (name: string): any[] =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8'))

const kinds = (union: { anyOf: readonly any[] }): string[] =>
  [...new Set(union.anyOf.map((schema) => String(schema.properties.kind.const)))].toSorted()

describe('messages', () => {
  it('SUB-1 SUB-2 SUB-8 ING-1 describes every frame of the fixtures, and the fixtures show every kind', () => {
    for (const [name, schema] of [
      ['messages.client', ClientMessage],
      ['messages.server', ServerMessage],
    ] as const) {
      const check = Compile(schema)
      const frames = fixture(name)
      for (const frame of frames) expect(check.Check(frame), JSON.stringify(frame)).toBe(true)
      expect([...new Set(frames.map((frame) => String(frame.kind)))].toSorted()).toEqual(kinds(schema))
    }
  })

  it('VER-1 does not mind members it does not know, and minds the wrong kind', () => {
    const check = Compile(ServerMessage)
    expect(check.Check({ kind: 'beat', at: 1, news: true })).toBe(true)
    expect(check.Check({ kind: 'beat' })).toBe(false)
    expect(check.Check({ kind: 'news', at: 1 })).toBe(false)
    expect(SUBPROTOCOL).toBe(`lectern.v${PROTOCOL_VERSION}`)
  })
})

describe('codes', () => {
  it('CLS-1 closes with codes of the table only, and tells what to do after any code', () => {
    const closes = Object.values(ERRORS as Record<string, ErrorEntry>).flatMap((entry) => entry.close ?? [])
    expect(closes.length).toBeGreaterThan(10)
    for (const code of closes) expect(Object.hasOwn(CLOSE_CODES, code), String(code)).toBe(true)
    expect([afterClose(4401), afterClose(4403), afterClose(1012), afterClose(1006)]).toEqual([
      'sign_in',
      'stay_away',
      'reconnect',
      'reconnect',
    ])
  })

  it('ERR-1 says for every error what it is and what to do', () => {
    for (const [code, entry] of Object.entries(ERRORS)) {
      expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/)
      expect(entry.status).toBeGreaterThanOrEqual(400)
      expect(entry.title.length).toBeGreaterThan(3)
      expect(entry.action).toMatch(/\.$/)
    }
    expect(isErrorCode('bad_json')).toBe(true)
    expect(isErrorCode('toString')).toBe(false)
  })
})
