import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createVault } from '../keys/vault.ts'
import { openSqliteDatabase } from '../store/sqlite.ts'
import { openDirectory } from './directory.ts'
import { SESSION_TIMES, type Found } from './sessions.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const HERE = { address: '192.0.2.1', agent: 'Firefox, Linux' }

/** A directory with one user, at a time that the test moves. */
async function open() {
  const folder = mkdtempSync(join(tmpdir(), 'lectern-sessions-'))
  const time = { now: 1_000_000 }
  const database = openSqliteDatabase(join(folder, 'people.db'))
  const vault = createVault({
    database: openSqliteDatabase(join(folder, 'keys.db')),
    serverKey: randomBytes(32),
    random: randomBytes,
  })
  const directory = await openDirectory({ database, clock: () => time.now, random: randomBytes, vault })
  const user = (await directory.users.create({ name: 'Ada', email: 'ada@x.org', role: 'admin' })).id
  const { sessions } = directory
  return {
    time,
    user,
    directory,
    sessions,
    begin: async () => (await sessions.create({ user, method: 'password', where: HERE })).secret,
    async [Symbol.asyncDispose]() {
      await directory.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const renewedOf = (found: Found) => (found && 'renewed' in found ? found.renewed : undefined)
const isOpen = (found: Found) => found !== undefined && 'session' in found

describe('sessions', () => {
  it('AUT-6 end after their idle time and, however much they are used, after their whole time', async () => {
    await using bed = await open()
    const { sessions, time } = bed
    let secret = await bed.begin()
    for (let used = 0; used < SESSION_TIMES.absoluteMs / HOUR_MS - 1; used += 1) {
      time.now += HOUR_MS
      const found = await sessions.find(secret, HERE)
      expect(isOpen(found)).toBe(true)
      secret = renewedOf(found) ?? secret
    }
    time.now += HOUR_MS
    expect(await sessions.find(secret, HERE)).toBeUndefined()

    const idle = await bed.begin()
    time.now += SESSION_TIMES.idleMs - 1
    const kept = renewedOf(await sessions.find(idle, HERE)) ?? ''
    time.now += SESSION_TIMES.idleMs
    expect(await sessions.find(kept, HERE)).toBeUndefined()
    expect(await sessions.sweep()).toHaveLength(2)
    expect(await sessions.sweep()).toEqual([])
  })

  it('AUT-7 get a new secret every 15 minutes of use; the one before works a minute longer, then ends the session', async () => {
    await using bed = await open()
    const { sessions, time } = bed
    const first = await bed.begin()
    time.now += 15 * MINUTE_MS - 1
    expect(renewedOf(await sessions.find(first, HERE))).toBeUndefined()
    time.now += 1
    const second = renewedOf(await sessions.find(first, HERE)) ?? ''
    expect(second).toMatch(/^[\w-]{43}$/)
    // Requests that were under way show the old one, and get no other.
    const late = await sessions.find(first, HERE)
    expect([isOpen(late), renewedOf(late)]).toEqual([true, undefined])
    expect(isOpen(await sessions.find(second, HERE))).toBe(true)
    time.now += MINUTE_MS - 1
    expect(isOpen(await sessions.find(first, HERE))).toBe(true)
    time.now += 1
    const [{ id } = { id: '' }] = await sessions.list(bed.user)
    expect(await sessions.find(first, HERE)).toEqual({ replayed: id, user: bed.user })
    expect(await sessions.find(second, HERE)).toBeUndefined()
  })

  it('AUT-7 renew once for requests at the same time, and again when the new secret was lost on its way', async () => {
    await using bed = await open()
    const { sessions, time } = bed
    const first = await bed.begin()
    time.now += 15 * MINUTE_MS
    const together = await Promise.all(Array.from({ length: 8 }, () => sessions.find(first, HERE)))
    expect(together.every(isOpen)).toBe(true)
    expect(together.filter((found) => renewedOf(found) !== undefined)).toHaveLength(1)
    time.now += MINUTE_MS
    const again = renewedOf(await sessions.find(first, HERE)) ?? ''
    expect(again).not.toBe('')
    expect(isOpen(await sessions.find(again, HERE))).toBe(true)
    const lost = together.map(renewedOf).find((secret) => secret !== undefined) ?? ''
    expect(await sessions.find(lost, HERE)).toBeUndefined()
  })

  it('AUT-6 say where they began and were last used', async () => {
    await using bed = await open()
    const { sessions, time, user } = bed
    const secret = await bed.begin()
    time.now += MINUTE_MS
    await sessions.find(secret, { address: '198.51.100.7', agent: 'Safari, iOS' })
    expect(await sessions.list(user)).toMatchObject([
      {
        created_at: time.now - MINUTE_MS,
        created_address: '192.0.2.1',
        created_agent: 'Firefox, Linux',
        seen_at: time.now,
        seen_address: '198.51.100.7',
        seen_agent: 'Safari, iOS',
      },
    ])
  })

  it('AUT-9 keep ten known browsers of each, for 180 days', async () => {
    await using bed = await open()
    const { directory, time, user } = bed
    const first = await directory.devices.remember(user, undefined)
    expect(await directory.devices.owner(first)).toBe(user)
    expect(await directory.devices.remember(user, first)).toBe(first)
    for (let count = 0; count < 10; count += 1) {
      time.now += 1
      await directory.devices.remember(user, undefined)
    }
    expect(await directory.devices.owner(first)).toBeUndefined()
    const last = await directory.devices.remember(user, undefined)
    time.now += 180 * 24 * HOUR_MS
    expect(await directory.devices.owner(last)).toBeUndefined()
  })
})
