import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createVault } from '../keys/vault.ts'
import { openSqliteDatabase } from '../store/sqlite.ts'
import { openDirectory } from './directory.ts'

const HOUR_MS = 3600_000
const MIGRATIONS = readdirSync(join(import.meta.dirname, 'migrations')).map((name) => Number(name.slice(0, 3)))

function temporary() {
  const folder = mkdtempSync(join(tmpdir(), 'lectern-people-'))
  return { file: join(folder, 'people.db'), [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}

const serverKey = randomBytes(32)
const vaultOf = (folder: string) =>
  createVault({ database: openSqliteDatabase(join(folder, 'keys.db')), serverKey, random: randomBytes })

async function open(file: string, clock: () => number = Date.now) {
  const vault = vaultOf(dirname(file))
  const directory = await openDirectory({ database: openSqliteDatabase(file), clock, random: randomBytes, vault })
  return Object.assign(directory, {
    async [Symbol.asyncDispose]() {
      await directory.close()
      vault.close()
    },
  })
}

describe('the directory', () => {
  it('brings its schema up to date once, and refuses data of a newer version', async () => {
    using place = temporary()
    for (let start = 0; start < 2; start += 1) await (await open(place.file)).close()
    const database = openSqliteDatabase(place.file)
    const versions = database.prepare('SELECT version FROM migrations ORDER BY version').all([])
    expect(versions.map((row) => (row as { version: number }).version)).toEqual(MIGRATIONS)
    database.prepare('INSERT INTO migrations VALUES (999, 0)').run([])
    database.close()
    await expect(open(place.file)).rejects.toThrow(/written by a newer version of Lectern \(schema 999/)
  })

  it('AUT-2 lets a link expire after a day', async () => {
    using place = temporary()
    let now = 0
    await using directory = await open(place.file, () => now)
    const link = await directory.links.create(null)
    now = 24 * HOUR_MS + 1
    await expect(directory.links.use(link)).rejects.toMatchObject({ code: 'link_invalid' })
    expect(await directory.users.list()).toEqual([])
  })

  it('keeps no secret in its file', async () => {
    using place = temporary()
    await using directory = await open(place.file)
    const { id } = await directory.users.create({ name: 'Ada', email: 'Ada@X.org', role: 'instructor' })
    const { id: found } = await directory.classes.create({ name: 'K' }, id)
    const where = { address: '192.0.2.1', agent: '' }
    const session = await directory.sessions.create({ user: id, method: 'link', where })
    const secrets = [await directory.links.create(id), session.secret, await directory.devices.remember(id, undefined)]
    const install = '0190f0a0-0000-7000-8000-000000000001'
    secrets.push((await directory.students.join(found, { code: 'x', install, name: 'Bob' })).token)
    const database = openSqliteDatabase(place.file)
    const tables = ['users', 'sessions', 'known_devices', 'sign_in_links', 'tokens']
    const rows = tables.flatMap((table) => database.prepare(`SELECT * FROM ${table}`).all([]))
    database.close()
    expect(rows).toHaveLength(5)
    for (const secret of secrets) expect(JSON.stringify(rows)).not.toContain(secret)
  })

  it('JOI-2 takes two joins of one student at the same time for one', async () => {
    using place = temporary()
    await using directory = await open(place.file)
    const { id } = await directory.classes.create({ name: 'K' }, null)
    const joins = Array.from({ length: 20 }, (_, index) => {
      const install = `0190f0a0-0000-7000-8000-0000000000${String(index).padStart(2, '0')}`
      return directory.students.join(id, { code: 'x', install, name: 'Bob', email: 'bob@x.org' })
    })
    const students = new Set((await Promise.all(joins)).map(({ student }) => student))
    expect(students.size).toBe(1)
    expect((await directory.students.roster(id)).students).toHaveLength(1)
  })
})
