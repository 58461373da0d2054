import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { SqliteDatabase } from 'kysely'
import { CodedError } from '../errors.ts'
import { createNonces, seal, sealAlike, unseal, type RandomBytes } from './seal.ts'
import { KEY_BYTES } from './server-key.ts'

/** Keys held in memory; past this the oldest go. */
const MOST_HELD = 20_000
const FIND = 'SELECT wrapped FROM keys WHERE class_id = ? AND student_id = ?'
const INSERT = 'INSERT INTO keys (class_id, student_id, wrapped) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'
const DESTROY =
  'INSERT INTO keys (class_id, student_id, wrapped) VALUES (?, ?, NULL) ON CONFLICT (class_id, student_id) DO UPDATE SET wrapped = NULL'
const REMOVE = 'DELETE FROM keys WHERE class_id = ? AND student_id = ?'
const DESTROY_CLASS = 'UPDATE keys SET wrapped = NULL WHERE class_id = ?'
/** Owner of a class's own key, for what is made of all its students. */
const CLASS = ''

/** Whose key: a student of a class, by pseudonymous id. */
export interface Owner {
  readonly class: string
  readonly student: string
}

/** Owner of what stays when the server's key is changed: it is what that key was at first. */
export const ROOT: Owner = { class: '', student: CLASS }

/** What a wrapped key belongs to. */
export const contextOf = ({ class: classId, student }: Owner): string => JSON.stringify(['key', classId, student])

/** A key out of its wrapping. Throws `storage_unavailable` when another server's key wrapped it. */
export function unwrap(wrapping: KeyObject, wrapped: Uint8Array, owner: Owner): Buffer {
  try {
    return unseal(wrapping, wrapped, contextOf(owner))
  } catch (error) {
    throw new CodedError(
      'storage_unavailable',
      "A key can not be unwrapped: the server's key is another than the one it was wrapped with. See LECTERN_KEY_FILE; if `lectern keys renew` was broken off, run it again.",
      { cause: error },
    )
  }
}

/** What a thread opens a vault of its own from. */
export interface VaultFiles {
  /** Database of the keys. */
  readonly keys: string
  readonly serverKey: Uint8Array
}

interface VaultOptions {
  /** Open database of the keys; closed with the vault. */
  database: SqliteDatabase
  /** Wraps all others; 32 bytes. */
  serverKey: Uint8Array
  random: RandomBytes
}

/**
 * Seals what students wrote, with a key for each; the keys are kept apart from what they open, so that destroying one makes
 * every copy unreadable, also those in backups. One a thread; they share the file.
 */
export interface Vault {
  /** From which other keys are derived, and by which texts are found; stays when the server's key is changed. */
  readonly root: KeyObject
  /** Seals bytes of a student. Throws `token_revoked` when the student was erased. */
  seal(owner: Owner, plain: Uint8Array | string, context: string): Uint8Array
  /** Like `seal`; equal bytes of one student give equal results. */
  sealAlike(owner: Owner, plain: Uint8Array, context: string): Uint8Array
  /** What was sealed; undefined when the key was destroyed. Throws when it was changed or belongs elsewhere. */
  open(owner: Owner, sealed: Uint8Array, context: string): Buffer | undefined
  /** A text by which another can be found without telling it: its HMAC under the root. */
  blind(context: string, text: string): string
  /** True if the student's key was destroyed. */
  erased(owner: Owner): boolean
  /** Destroys a student's key, and the class's own, for good. */
  destroy(owner: Owner): void
  /** Destroys every key of a class. */
  destroyClass(classId: string): void
  /** Forgets what is held in memory: another thread destroyed a key. */
  forget(): void
  close(): void
}

/** A key, or null when it was destroyed. */
type Held = KeyObject | null

function prepareFile(database: SqliteDatabase): void {
  const run = (text: string) => {
    const statement = database.prepare(text)
    if (statement.reader) statement.all([])
    else statement.run([])
  }
  // What is overwritten must not stay in a free page.
  run('PRAGMA secure_delete = ON')
  if (database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'keys'").all([]).length > 0) return
  const text = readFileSync(new URL('migrations/001_keys.sql', import.meta.url), 'utf8')
  const statement = text.replaceAll(/^--.*$/gm, '').replace('CREATE TABLE', 'CREATE TABLE IF NOT EXISTS')
  run(statement.trim().replace(/;$/, ''))
}

/** Reads and makes keys, unwrapped once and then held. */
function createHeldKeys({ database, serverKey, random }: VaultOptions) {
  const wrapping = createSecretKey(serverKey)
  const nonce = createNonces(random)
  const held = new Map<string, Held>()
  const find = database.prepare(FIND)
  const insert = database.prepare(INSERT)
  const read = (owner: Owner): Held | undefined => {
    const [row] = find.all([owner.class, owner.student]) as { wrapped: Uint8Array | null }[]
    if (!row) return undefined
    if (row.wrapped === null) return null
    return createSecretKey(unwrap(wrapping, row.wrapped, owner))
  }

  return {
    forget: () => held.clear(),
    /** Without making one. */
    read,
    /** Two threads may make it at once: the first is kept. */
    of(owner: Owner): Held {
      const name = `${owner.student} ${owner.class}`
      const known = held.get(name)
      if (known !== undefined) return known
      let found = read(owner)
      if (found === undefined) {
        insert.run([
          owner.class,
          owner.student,
          seal(wrapping, nonce(), { plain: random(KEY_BYTES), context: contextOf(owner) }),
        ])
        found = read(owner) ?? null
      }
      const [oldest] = held.size >= MOST_HELD ? held.keys() : []
      if (oldest !== undefined) held.delete(oldest)
      held.set(name, found)
      return found
    },
  }
}

/** Makes a vault over the file of the keys. */
export function createVault(options: VaultOptions): Vault {
  const { database, random } = options
  const nonce = createNonces(random)
  prepareFile(database)
  const keys = createHeldKeys(options)
  const root = keys.read(ROOT) ?? createSecretKey(options.serverKey)
  const run = (text: string, values: readonly unknown[]) => {
    database.prepare(text).run(values)
    keys.forget()
    // Out of the file of the last writes as well.
    database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all([])
  }
  const keyOf = (owner: Owner): KeyObject => {
    const key = keys.of(owner)
    if (!key) throw new CodedError('token_revoked', 'What this student wrote was erased; nothing more is taken.')
    return key
  }

  return {
    root,
    seal: (owner, plain, context) => seal(keyOf(owner), nonce(), { plain, context }),
    sealAlike: (owner, plain, context) => sealAlike(keyOf(owner), plain, context),
    open(owner, sealed, context) {
      const key = keys.of(owner)
      return key ? unseal(key, sealed, context) : undefined
    },
    blind: (context, text) =>
      createHmac('sha256', root)
        .update(JSON.stringify([context, text]))
        .digest('base64url'),
    erased: (owner) => keys.of(owner) === null,
    destroy({ class: classId, student }) {
      run(REMOVE, [classId, CLASS])
      run(DESTROY, [classId, student])
    },
    destroyClass(classId) {
      run(REMOVE, [classId, CLASS])
      run(DESTROY_CLASS, [classId])
    },
    forget: () => keys.forget(),
    close: () => database.close(),
  }
}

/** The owner of what belongs to a class as a whole. */
export const ofClass = (classId: string): Owner => ({ class: classId, student: CLASS })
