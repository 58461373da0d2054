import { hash, timingSafeEqual } from 'node:crypto'

/** Gives `bytes` random bytes; `node:crypto`'s `randomBytes`, or a seeded one in tests. */
export type RandomBytes = (bytes: number) => Buffer

/** Bits of every secret that opens something: tokens, sessions, tickets, links. */
const SECRET_BYTES = 32

/** A new secret of 256 bits, as 43 characters that may stand in a URL fragment or header. */
export function newSecret(random: RandomBytes): string {
  return random(SECRET_BYTES).toString('base64url')
}

/** What is kept of a secret: its SHA-256. Looking it up by hash takes no time that depends on how much of it is right. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'base64url')
}

/** True if both texts are equal; takes the same time wherever they differ, and whatever their lengths. */
export function sameSecret(one: string, other: string): boolean {
  return timingSafeEqual(hash('sha256', one, 'buffer'), hash('sha256', other, 'buffer'))
}

// Without vowels and without letters and digits that look alike, so that codes can be read aloud and spell nothing.
const CODE_LETTERS = 'BCDFGHJKMNPQRTVWXYZ2346789'
const CODE_CHARS = 8

/** A text of `chars` letters of `letters`, each equally likely. */
function randomText(random: RandomBytes, letters: string, chars: number): string {
  const limit = 256 - (256 % letters.length)
  let text = ''
  while (text.length < chars) {
    for (const byte of random(chars)) {
      if (byte < limit && text.length < chars) text += letters.charAt(byte % letters.length)
    }
  }
  return text
}

/** A new join code such as `K7QF-3MPX` (37 bits). */
export function newCode(random: RandomBytes): string {
  const text = randomText(random, CODE_LETTERS, CODE_CHARS)
  return `${text.slice(0, CODE_CHARS / 2)}-${text.slice(CODE_CHARS / 2)}`
}

/** A typed join code in the form in which it is kept: upper case, one dash. */
export function normalCode(typed: string): string {
  const letters = typed.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')
  return `${letters.slice(0, CODE_CHARS / 2)}-${letters.slice(CODE_CHARS / 2)}`
}

const RECOVERY_GROUPS = 6
const GROUP_CHARS = 4

/** A new recovery code such as `K7QF-3MPX-…` (112 bits): kept as a plain hash, it must not be found by trying. */
export function newRecoveryCode(random: RandomBytes): string {
  const letters = randomText(random, CODE_LETTERS, RECOVERY_GROUPS * GROUP_CHARS)
  return (letters.match(/.{4}/g) ?? []).join('-')
}

/** A typed recovery code in the form in which it is hashed. */
export const normalRecoveryCode = (typed: string): string => typed.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')

/** A new id (80 bits) that says nothing about what it names; `prefix` tells people what kind of thing it is. */
export function newId(random: RandomBytes, prefix: string): string {
  return `${prefix}_${randomText(random, '0123456789abcdefghjkmnpqrstvwxyz', 16)}`
}
