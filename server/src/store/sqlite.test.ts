import { randomBytes } from 'node:crypto'
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createVault } from '../keys/vault.ts'
import { lockDataDirectory, openSqliteDatabase } from './sqlite.ts'
import { openSqliteLog } from './sqlite-log.ts'
import { describeStore, newEvent } from './store.contract.ts'

const serverKey = randomBytes(32)
const folders: string[] = []

const openVault = (folder: string) =>
  createVault({ database: openSqliteDatabase(join(folder, 'keys.db')), serverKey, random: randomBytes })

const openLog = (file: string) => openSqliteLog({ file, vault: openVault(dirname(file)) })

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lectern-store-'))
  folders.push(folder)
  return folder
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

describe('SQLite log', () => {
  describeStore(async () => {
    let folder = temporaryFolder()
    return {
      open: async () => openLog(join(folder, 'log.db')),
      reopen: async () => {
        // What a crash leaves: the files as they are, with no word from the store.
        const copy = temporaryFolder()
        for (const name of ['log.db', 'log.db-wal', 'keys.db', 'keys.db-wal'])
          copyFileSync(join(folder, name), join(copy, name))
        folder = copy
        return openLog(join(folder, 'log.db'))
      },
    }
  })
})

describe('SQLite files', () => {
  it('ING-7 refuses a file that is no database, names it and the way out', () => {
    const file = join(temporaryFolder(), 'log.db')
    writeFileSync(file, 'this is no database, and long enough to be taken for one'.repeat(100))
    expect(() => openLog(file)).toThrow(/log\.db can not be used.*restore/s)
  })

  it('ING-7 refuses a truncated log', async () => {
    const file = join(temporaryFolder(), 'log.db')
    const store = openLog(file)
    const events = Array.from({ length: 2000 }, (_, index) => newEvent(index + 1))
    await store.append({ events, refused: [] })
    await store.close()
    truncateSync(file, Math.floor(statSync(file).size / 2 / 4096) * 4096)
    expect(() => openLog(file)).toThrow(/log\.db can not be used/)
  })

  it('PRI-1 hold nothing that a student wrote but sealed', async () => {
    const folder = temporaryFolder()
    const store = openLog(join(folder, 'log.db'))
    const canary = 'canary-7f3a'
    const data = { source: canary, errorMessage: canary, outputs: [{ kind: 'stdout' as const, text: canary }] }
    const notebook = { id: `${canary}.ipynb`, path: `/home/${canary}/a.ipynb` }
    await store.append({ events: [newEvent(1, { data, notebook }), newEvent(2, { data, at: canary })], refused: [] })
    await store.append({ events: [newEvent(3, { data, notebook })], refused: [] })
    await store.append({ events: [newEvent(3, { data: { source: `${canary} again` } })], refused: [] })
    await store.saveCheckpoint('k1', '1', { offset: 3, state: Buffer.from(canary) })
    const bytes = () =>
      Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name)))).includes(canary)
    expect(bytes()).toBe(false)
    expect(JSON.stringify(await store.read('k1', 0, 10)).split(canary)).toHaveLength(15)
    // The class's name stands there as it is: the search would find the other, too.
    expect(Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name)))).includes('k1')).toBe(true)
    await store.close()
    expect(bytes()).toBe(false)
  })

  it('PRI-1 seals what a log of the first version holds in plain text, and reads it as before', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'log.db')
    const database = openSqliteDatabase(file)
    const run = (text: string) => database.prepare(text).run([])
    const schema = readFileSync(new URL('migrations/001_log.sql', import.meta.url), 'utf8').replaceAll(/^ *--.*$/gm, '')
    for (const statement of schema.split(';').filter((text) => text.trim() !== '')) run(statement)
    run('PRAGMA user_version = 1')
    run("INSERT INTO classes (n, id, top, installs_at) VALUES (1, 'k1', 2, 2)")
    const install = '0192f0c1-7b1a-4c3e-9d55-0a1b2c3d4e5f'
    for (const text of ['p2:k1s1', `i${install}`, 'tcell_executed', 'n10:/plainpath nb', 'c0:code:x']) {
      run(`INSERT INTO terms (text) VALUES ('${text}')`)
    }
    const row = (n: number, rest: string) =>
      run(
        `INSERT INTO events (n, student, id, install, seq, type, received, lag, at, clock_off, session, notebook, cell, data) VALUES (${2 ** 36 + n}, 1, x'${String(n).padStart(32, '0')}', 2, ${n}, 3, 1000000, 10, ${rest})`,
      )
    row(1, `-3, NULL, NULL, 4, 5, '{"source":"plainsource"}'`)
    row(2, `'plaintime', 1, NULL, NULL, NULL, NULL`)
    database.close()
    expect(readFileSync(file).includes('plainsource')).toBe(true)
    const store = openLog(file)
    expect(await store.read('k1', 0, 10)).toMatchObject([
      { data: { source: 'plainsource' }, notebook: { id: ' nb', path: '/plainpath' }, at: '1970-01-01T00:16:39.987Z' },
      { data: {}, at: 'plaintime', clockOff: true },
    ])
    await store.close()
    for (const plain of ['plainsource', 'plainpath', 'plaintime']) {
      for (const name of readdirSync(folder)) expect(readFileSync(join(folder, name)).includes(plain)).toBe(false)
    }
  })

  it('VER-1 refuses a log of a newer version', async () => {
    const file = join(temporaryFolder(), 'log.db')
    await openLog(file).close()
    const database = openSqliteDatabase(file)
    database.prepare('PRAGMA user_version = 99').run([])
    database.close()
    expect(() => openLog(file)).toThrow(/newer Lectern/)
  })

  it('LOG-2 lets one process have a data directory, and the next after it', () => {
    const folder = temporaryFolder()
    const lock = lockDataDirectory(folder)
    expect(() => lockDataDirectory(folder)).toThrow(/Another Lectern server/)
    lock.release()
    lockDataDirectory(folder).release()
  })

  it('ING-7 keeps nothing of a group that fails, says so, and goes on', async () => {
    const file = join(temporaryFolder(), 'log.db')
    const store = openLog(file)
    await store.append({ events: [newEvent(1)], refused: [] })
    const broken = newEvent(3, { data: { value: 1n } as never })
    await expect(store.append({ events: [newEvent(2), broken], refused: [] })).rejects.toMatchObject({
      code: 'storage_unavailable',
      retryAfter: 2,
    })
    expect(await store.top('k1')).toBe(1)
    expect(await store.append({ events: [newEvent(2)], refused: [] })).toEqual([{ status: 'stored', offset: 2 }])
    await store.close()
  })
})
