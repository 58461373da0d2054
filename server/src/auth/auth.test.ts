import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPasswords } from './passwords.ts'
import type { Principal } from './principal.ts'
import { createRateLimit } from './rate-limit.ts'
import {
  hashSecret,
  newCode,
  newId,
  newRecoveryCode,
  newSecret,
  normalCode,
  normalRecoveryCode,
  sameSecret,
} from './secrets.ts'
import { createTickets } from './tickets.ts'

const STAFF: Principal = { kind: 'staff', user: 'u_1', role: 'admin', session: 's' }

describe('secrets', () => {
  it('AUT-3 have 256 bits, and are kept as their hash', () => {
    const secret = newSecret(randomBytes)
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
    expect(hashSecret(secret)).not.toContain(secret)
    expect(hashSecret(secret)).toBe(hashSecret(secret))
  })

  it('AUT-3 are equal only when every character is', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(sameSecret(one, other)).toBe(Buffer.from(one).equals(Buffer.from(other)))
      }),
      { seed: 5 },
    )
  })

  it('JOI-1 codes are read however they are typed, and use every letter alike', () => {
    const counts = new Map<string, number>()
    for (let count = 0; count < 3000; count += 1) {
      const code = newCode(randomBytes)
      expect(code).toMatch(/^[B-DF-HJKMNP-RTV-Z2-46-9]{4}-[B-DF-HJKMNP-RTV-Z2-46-9]{4}$/)
      expect(normalCode(` ${code.toLowerCase().replace('-', '')} `)).toBe(code)
      for (const letter of code.replace('-', '')) counts.set(letter, (counts.get(letter) ?? 0) + 1)
    }
    const expected = (3000 * 8) / counts.size
    for (const [letter, count] of counts) expect(Math.abs(count / expected - 1), letter).toBeLessThan(0.25)
  })

  it('AUT-13 recovery codes have 112 bits, use every letter alike, and are read however they are typed', () => {
    const codes = Array.from({ length: 1000 }, () => newRecoveryCode(randomBytes))
    expect(new Set(codes).size).toBe(1000)
    const counts = new Map<string, number>()
    for (const code of codes) {
      const letters = normalRecoveryCode(` ${code.toLowerCase()} `)
      expect(letters).toBe(code.replaceAll('-', ''))
      for (const letter of letters) counts.set(letter, (counts.get(letter) ?? 0) + 1)
    }
    const [{ length }] = codes.map((code) => normalRecoveryCode(code)) as [string]
    expect(length * Math.log2(counts.size)).toBeGreaterThan(112)
    for (const [letter, count] of counts)
      expect(Math.abs(count / ((1000 * length) / 26) - 1), letter).toBeLessThan(0.25)
  })

  it('JOI-1 ids say nothing and do not repeat', () => {
    const ids = Array.from({ length: 1000 }, () => newId(randomBytes, 's'))
    expect(new Set(ids).size).toBe(1000)
    expect(ids[0]).toMatch(/^s_[0-9a-z]{16}$/)
  })
})

describe('tickets', () => {
  it('SUB-1 open once, for thirty seconds', () => {
    let at = 0
    const tickets = createTickets({ now: () => at, random: randomBytes })
    const ticket = tickets.issue(STAFF)
    expect(tickets.redeem(ticket)).toBe(STAFF)
    expect(tickets.redeem(ticket)).toBeUndefined()
    const late = tickets.issue(STAFF)
    at = 29_999
    const fresh = tickets.issue(STAFF)
    at = 30_000
    expect(tickets.redeem(late)).toBeUndefined()
    expect(tickets.redeem(fresh)).toBe(STAFF)
    expect(tickets.redeem('')).toBeUndefined()
  })

  it('AUT-5 end with the rights of whom they were given to', () => {
    const tickets = createTickets({ now: () => 0, random: randomBytes })
    const [one, other] = [tickets.issue(STAFF), tickets.issue({ ...STAFF, session: 'other' })]
    tickets.drop((principal) => principal.kind === 'staff' && principal.session === 's')
    expect(tickets.redeem(one)).toBeUndefined()
    expect(tickets.redeem(other)).toBeDefined()
  })
})

describe('rate limits', () => {
  it('AUT-1 stop at the burst, say how long to wait, and give back with time', () => {
    let at = 0
    const limit = createRateLimit({ burst: 3, perSecond: 0.5, now: () => at })
    const attempt = (key: string) => {
      limit.check(key)
      limit.take(key)
    }
    for (let count = 0; count < 3; count += 1) attempt('a')
    expect(() => attempt('a')).toThrow(expect.objectContaining({ code: 'rate_limited', retryAfter: 2 }))
    attempt('b')
    at = 1999
    expect(() => attempt('a')).toThrow('Too many attempts')
    at = 2001
    attempt('a')
    expect(() => attempt('a')).toThrow('Too many attempts')
  })

  it('AUT-1 forget the longest unused keys, so that addresses can not fill the memory', () => {
    const limit = createRateLimit({ burst: 1, perSecond: 0.001, now: () => 0, maxKeys: 10 })
    limit.take('first')
    for (let count = 0; count < 9; count += 1) limit.take(`k${count}`)
    expect(() => limit.check('first')).toThrow('Too many attempts')
    // The look has made it the last used; the next ones push out the others.
    for (let count = 0; count < 9; count += 1) limit.take(`m${count}`)
    expect(() => limit.check('first')).toThrow('Too many attempts')
    for (let count = 0; count < 10; count += 1) limit.take(`n${count}`)
    expect(() => limit.check('first')).not.toThrow()
  })
})

describe('passwords', () => {
  it('AUT-1 are kept as argon2id, and fail for nobody', async () => {
    const passwords = createPasswords()
    const kept = await passwords.hash('パスワードはとても長いです')
    expect(kept).toMatch(/^\$argon2id\$/)
    expect(await passwords.verify(kept, 'パスワードはとても長いです')).toBe(true)
    expect(await passwords.verify(kept, 'パスワードはとても長い')).toBe(false)
    expect(await passwords.verify(null, 'no such user')).toBe(false)
    expect(await passwords.verify(undefined, 'no such user')).toBe(false)
  })

  it('AUT-10 must be long, uncommon, and not made of what everybody knows of their owner', async () => {
    const passwords = createPasswords()
    const words = ['Ada Lovelace', 'ada.lovelace@school.example']
    for (const weak of [
      'elevenchars',
      '😀😀😀😀😀😀😀😀😀😀😀😀',
      'Password1234!',
      'iloveyou1234',
      'trustno1trustno1',
      'qwertyuiop123',
      '123456789012',
      'Lectern2026!!',
      'adalovelace1815',
      'ada.lovelace@school.example',
    ]) {
      await expect(passwords.hash(weak, words), weak).rejects.toMatchObject({ code: 'weak_password' })
    }
    // Negative control: what is made of another's name is not guessed first.
    for (const strong of ['correct horse battery', 'blaisepascal1623', 'わたしのねこはさかながすき']) {
      expect(await passwords.hash(strong, words), strong).toMatch(/^\$argon2id\$/)
    }
  })

  it('AUT-1 turn away more guesses at once than can wait', async () => {
    const passwords = createPasswords()
    const kept = await passwords.hash('a long enough password')
    // The hash that is compared with for nobody is made at the first guess.
    await passwords.verify(undefined, 'wrong')
    const guesses = Array.from({ length: 60 }, () => passwords.verify(kept, 'wrong'))
    const settled = await Promise.allSettled(guesses)
    const refused = settled.filter(({ status }) => status === 'rejected')
    expect(refused).toHaveLength(8)
    expect(refused[0]).toMatchObject({ reason: { code: 'rate_limited', retryAfter: 5 } })
  })
})
