import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openSqliteDatabase } from '../store/sqlite.ts'
import { createTextSeal } from '../auth/seal.ts'
import { rewrapKeys } from './rewrap.ts'
import { loadServerKey } from './server-key.ts'
import { createVault, ofClass } from './vault.ts'

const folder = mkdtempSync(join(tmpdir(), 'lectern-keys-'))
const serverKey = randomBytes(32)
let files = 0

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const newFile = () => join(folder, `${(files += 1)}.db`)
const open = (file = newFile(), key: Uint8Array = serverKey) =>
  createVault({ database: openSqliteDatabase(file), serverKey: key, random: randomBytes })

const ADA = { class: 'c_1', student: 's_ada' }
const BOB = { class: 'c_1', student: 's_bob' }
const TEXT = Buffer.from('print("only mine")')

describe('the vault', () => {
  it('PRI-1 opens what it sealed, also after a restart, with that student and that place alone', () => {
    const file = newFile()
    const vault = open(file)
    const sealed = vault.seal(ADA, TEXT, 'place 1')
    expect(Buffer.from(sealed).includes(TEXT)).toBe(false)
    vault.close()
    const again = open(file)
    expect(again.open(ADA, sealed, 'place 1')?.toString()).toBe(TEXT.toString())
    expect(() => again.open(ADA, sealed, 'place 2')).toThrow('authenticate data')
    expect(() => again.open(BOB, sealed, 'place 1')).toThrow('authenticate data')
    const changed = Uint8Array.from(sealed)
    changed[14] = (changed[14] ?? 0) ^ 1
    expect(() => again.open(ADA, changed, 'place 1')).toThrow('authenticate data')
    again.close()
  })

  it('PRI-1 never seals the same text to the same bytes, but where it must be found again', () => {
    const vault = open()
    expect(Buffer.from(vault.seal(ADA, TEXT, 'x')).equals(vault.seal(ADA, TEXT, 'x'))).toBe(false)
    expect(Buffer.from(vault.sealAlike(ADA, TEXT, 'x')).equals(vault.sealAlike(ADA, TEXT, 'x'))).toBe(true)
    expect(Buffer.from(vault.sealAlike(ADA, TEXT, 'x')).equals(vault.sealAlike(BOB, TEXT, 'x'))).toBe(false)
    expect(vault.open(ADA, vault.sealAlike(ADA, TEXT, 'x'), 'x')?.equals(TEXT)).toBe(true)
    vault.close()
  })

  it('PRI-2 makes what a destroyed key sealed unreadable for every thread, and takes nothing more', () => {
    const file = newFile()
    const [one, other] = [open(file), open(file)]
    const sealed = one.seal(ADA, TEXT, 'x')
    const ofAll = other.seal(ofClass('c_1'), TEXT, 'fold')
    const kept = other.seal(BOB, TEXT, 'x')
    expect(other.open(ADA, sealed, 'x')).toBeDefined()
    one.destroy(ADA)
    other.forget()
    for (const vault of [one, other]) {
      expect(vault.erased(ADA)).toBe(true)
      expect(vault.open(ADA, sealed, 'x')).toBeUndefined()
      expect(() => vault.seal(ADA, TEXT, 'x')).toThrow(expect.objectContaining({ code: 'token_revoked' }))
      expect(vault.open(BOB, kept, 'x')?.equals(TEXT)).toBe(true)
      // What was made of all students is sealed anew with another key.
      expect(() => vault.open(ofClass('c_1'), ofAll, 'fold')).toThrow('authenticate data')
    }
    one.close()
    other.close()
  })

  it('PRI-2 leaves no trace of a destroyed key in the file', () => {
    const file = newFile()
    const vault = open(file)
    vault.seal(ADA, TEXT, 'x')
    vault.seal(BOB, TEXT, 'x')
    const reader = openSqliteDatabase(file)
    const wrappedOf = (student: string) =>
      (reader.prepare('SELECT wrapped FROM keys WHERE student_id = ?').all([student])[0] as { wrapped: Uint8Array })
        .wrapped
    const [ada, bob] = [Buffer.from(wrappedOf(ADA.student)), Buffer.from(wrappedOf(BOB.student))]
    reader.close()
    vault.destroy(ADA)
    vault.close()
    const bytes = readFileSync(file)
    expect(bytes.includes(ada)).toBe(false)
    expect(bytes.includes(bob)).toBe(true)
  })

  it('PRI-1 says which key is wrong when the server has another', () => {
    const file = newFile()
    open(file).seal(ADA, TEXT, 'x')
    expect(() => open(file, randomBytes(32)).seal(ADA, TEXT, 'x')).toThrow('LECTERN_KEY_FILE')
  })

  it('PRI-1 keeps one key when two threads make it at once', () => {
    const file = newFile()
    const [one, other] = [open(file), open(file)]
    const sealed = one.seal(ADA, TEXT, 'x')
    expect(other.open(ADA, sealed, 'x')?.equals(TEXT)).toBe(true)
  })
})

describe("a change of the server's key", () => {
  const rewrap = (file: string, from: Uint8Array, to: Uint8Array) => {
    const database = openSqliteDatabase(file)
    try {
      return rewrapKeys({ database, from, to, random: randomBytes })
    } finally {
      database.close()
    }
  }

  it('PRI-1 opens everything with the new one and nothing with the old, and finds what it found before', () => {
    const file = newFile()
    const vault = open(file)
    const sealed = vault.seal(ADA, TEXT, 'x')
    vault.seal(BOB, TEXT, 'x')
    vault.destroy(BOB)
    const blind = vault.blind('address', 'ada@x.org')
    const derived = createTextSeal(vault.root, randomBytes).seal('seed', 'totp u_1')
    vault.close()
    const [second, third] = [randomBytes(32), randomBytes(32)]
    expect(rewrap(file, serverKey, second)).toBe(true)
    expect(() => open(file).open(ADA, sealed, 'x')).toThrow('LECTERN_KEY_FILE')
    expect(rewrap(file, second, third)).toBe(true)
    const again = open(file, third)
    expect(again.open(ADA, sealed, 'x')?.equals(TEXT)).toBe(true)
    expect(again.erased(BOB)).toBe(true)
    expect(again.blind('address', 'ada@x.org')).toBe(blind)
    expect(createTextSeal(again.root, randomBytes).open(derived, 'totp u_1')).toBe('seed')
    again.close()
  })

  it('PRI-1 is done whole or not at all, and once, when it was broken off', () => {
    const file = newFile()
    const vault = open(file)
    const sealed = vault.seal(ADA, TEXT, 'x')
    vault.close()
    const [next, foreign] = [randomBytes(32), randomBytes(32)]
    expect(() => rewrap(file, foreign, next)).toThrow('LECTERN_KEY_FILE')
    expect(open(file).open(ADA, sealed, 'x')?.equals(TEXT)).toBe(true)
    expect(rewrap(file, serverKey, next)).toBe(true)
    expect(rewrap(file, serverKey, next)).toBe(false)
    expect(open(file, next).open(ADA, sealed, 'x')?.equals(TEXT)).toBe(true)
  })
})

describe("the server's key", () => {
  it('PRI-1 is made once, readable for its owner alone, and never made anew over keys', () => {
    const file = join(folder, 'a', 'server.key')
    const made = loadServerKey(file, { random: randomBytes, isNew: true })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(Buffer.from(loadServerKey(file, { random: randomBytes, isNew: false })).equals(made)).toBe(true)
    const gone = join(folder, 'b', 'server.key')
    expect(() => loadServerKey(gone, { random: randomBytes, isNew: false })).toThrow('Put it back')
    writeFileSync(join(folder, 'short.key'), 'abc')
    expect(() => loadServerKey(join(folder, 'short.key'), { random: randomBytes, isNew: false })).toThrow('32 bytes')
  })
})
