import { copyFileSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { lockDataDirectory, openSqliteDatabase, openSqliteLog } from './sqlite.ts'
import { describeStore, newEvent } from './store.contract.ts'

const folders: string[] = []

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
      open: async () => openSqliteLog({ file: join(folder, 'log.db') }),
      reopen: async () => {
        // What a crash leaves: the files as they are, with no word from the store.
        const copy = temporaryFolder()
        for (const name of ['log.db', 'log.db-wal']) copyFileSync(join(folder, name), join(copy, name))
        folder = copy
        return openSqliteLog({ file: join(folder, 'log.db') })
      },
    }
  })
})

describe('SQLite files', () => {
  it('ING-7 refuses a file that is no database, names it and the way out', () => {
    const file = join(temporaryFolder(), 'log.db')
    writeFileSync(file, 'this is no database, and long enough to be taken for one'.repeat(100))
    expect(() => openSqliteLog({ file })).toThrow(/log\.db can not be used.*restore/s)
  })

  it('ING-7 refuses a truncated log', async () => {
    const file = join(temporaryFolder(), 'log.db')
    const store = openSqliteLog({ file })
    const events = Array.from({ length: 2000 }, (_, index) => newEvent(index + 1))
    await store.append({ events, refused: [] })
    await store.close()
    truncateSync(file, Math.floor(statSync(file).size / 2 / 4096) * 4096)
    expect(() => openSqliteLog({ file })).toThrow(/log\.db can not be used/)
  })

  it('VER-1 refuses a log of a newer version', async () => {
    const file = join(temporaryFolder(), 'log.db')
    await openSqliteLog({ file }).close()
    const database = openSqliteDatabase(file)
    database.prepare('PRAGMA user_version = 99').run([])
    database.close()
    expect(() => openSqliteLog({ file })).toThrow(/newer Lectern/)
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
    const store = openSqliteLog({ file })
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
