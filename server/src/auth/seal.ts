import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import { createNonces, seal, unseal, type RandomBytes } from '../keys/seal.ts'

const PURPOSE = 'lectern secrets of the staff'
const KEY_BYTES = 32

/** Seals texts under a key of its own that is derived from the root of all keys; `context` says what a text belongs to. */
export function createTextSeal(root: KeyObject, random: RandomBytes) {
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', root, '', PURPOSE, KEY_BYTES)))
  const nonce = createNonces(random)
  return {
    seal: (plain: string, context: string): string =>
      Buffer.from(seal(key, nonce(), { plain, context })).toString('base64url'),
    /** Throws an Error when the text was changed, or belongs to another key or context. */
    open: (sealed: string, context: string): string =>
      unseal(key, Buffer.from(sealed, 'base64url'), context).toString('utf8'),
  }
}

/** See `createTextSeal`. */
export type TextSeal = ReturnType<typeof createTextSeal>
