import { createCipheriv, createDecipheriv, createHmac, type KeyObject } from 'node:crypto'

/** AES-256-GCM (NIST SP 800-38D): 96-bit nonce, 128-bit tag. */
const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Gives `bytes` random bytes. */
export type RandomBytes = (bytes: number) => Uint8Array

interface Plain {
  plain: Uint8Array | string
  /** What it belongs to; it must be given again to open it. */
  context: string
}

/** Nonce, ciphertext and tag of a text. `nonce`: 12 bytes that were never used with this key. */
export function seal(key: KeyObject, nonce: Uint8Array, { plain, context }: Plain): Uint8Array {
  const cipher = createCipheriv(CIPHER, key, nonce)
  cipher.setAAD(Buffer.from(context))
  // A stream cipher: all of it comes at once, and the end adds nothing.
  const sealed = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain)
  cipher.final()
  const all = Buffer.allocUnsafe(NONCE_BYTES + sealed.byteLength + TAG_BYTES)
  all.set(nonce, 0)
  all.set(sealed, NONCE_BYTES)
  all.set(cipher.getAuthTag(), NONCE_BYTES + sealed.byteLength)
  return all
}

const NONCES_AT_ONCE = 256

/** Gives random nonces; asked for one by one they cost as much as the sealing. */
export function createNonces(random: RandomBytes): () => Uint8Array {
  let pool: Uint8Array = new Uint8Array(0)
  let at = 0
  return () => {
    if (at >= pool.byteLength) {
      pool = random(NONCE_BYTES * NONCES_AT_ONCE)
      at = 0
    }
    at += NONCE_BYTES
    return pool.subarray(at - NONCE_BYTES, at)
  }
}

/**
 * The same text sealed under the same key always gives the same bytes, so that it can be looked up: the nonce is an HMAC of the
 * text (a synthetic nonce, as in RFC 8452). It shows which texts of one student are equal, and nothing else.
 */
export function sealAlike(key: KeyObject, plain: Uint8Array, context: string): Uint8Array {
  const nonce = createHmac('sha256', key).update(context).update('\0').update(plain).digest().subarray(0, NONCE_BYTES)
  return seal(key, nonce, { plain, context })
}

/** What was sealed. Throws an Error when it was changed, or belongs to another key or context. */
export function unseal(key: KeyObject, sealed: Uint8Array, context: string): Buffer {
  const end = sealed.byteLength - TAG_BYTES
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(context))
  decipher.setAuthTag(sealed.subarray(end))
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, end)), decipher.final()])
}
