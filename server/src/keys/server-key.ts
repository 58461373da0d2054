import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { CodedError } from '../errors.ts'
import type { RandomBytes } from './seal.ts'

/** Bytes of every key. */
export const KEY_BYTES = 32

/** Makes a key in a file that must not be there yet, and that only the server's user reads. */
export function makeServerKey(file: string, random: RandomBytes): Uint8Array {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const key = random(KEY_BYTES)
  const handle = openSync(file, 'wx', 0o600)
  writeSync(handle, `${Buffer.from(key).toString('base64')}\n`)
  fsyncSync(handle)
  closeSync(handle)
  return key
}

/**
 * The server's key, which wraps all others: 32 bytes as base64 in a file that only the server's user reads, made when there is
 * none and `keys` says that nothing was wrapped with another. Throws `storage_unavailable`.
 */
export function loadServerKey(file: string, { random, isNew }: { random: RandomBytes; isNew: boolean }): Uint8Array {
  if (!existsSync(file)) {
    if (isNew) return makeServerKey(file, random)
    throw new CodedError(
      'storage_unavailable',
      `${file} is not there, and without it nothing that students wrote can be read. Put it back from where it is kept, or name it with LECTERN_KEY_FILE.`,
    )
  }
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64')
  if (key.byteLength !== KEY_BYTES) {
    throw new CodedError(
      'storage_unavailable',
      `${file} does not hold a key: 32 bytes as base64. Put the right one in its place.`,
    )
  }
  return key
}
