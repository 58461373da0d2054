import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMemoryBus } from '../bus/memory.ts'
import { createVault } from '../keys/vault.ts'
import { FOLD_VERSION } from '../live/class-fold.ts'
import { createServices, type Services } from '../services/services.ts'
import { openSqliteDatabase } from '../store/sqlite.ts'
import { openSqliteLog } from '../store/sqlite-log.ts'
import { LOG_SERVICES } from './services.ts'
import { logServices, type LogParts, type OpenedLog } from './thread-services.ts'
import type { FromLog } from './wire.ts'

let folder: string
let sent: FromLog[]
let services: Services<LogParts>
const serverKey = randomBytes(32)

function openLog(): OpenedLog {
  const vault = createVault({ database: openSqliteDatabase(join(folder, 'keys.db')), serverKey, random: randomBytes })
  return { log: openSqliteLog({ file: join(folder, 'log.db'), vault }), isErased: (owner) => vault.erased(owner) }
}

const declare = () =>
  logServices({
    openLog,
    makeBus: createMemoryBus,
    send: (message) => sent.push(message),
  })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lectern-parts-'))
  sent = []
  services = createServices<LogParts>(declare())
})
afterEach(async () => {
  await services.stop(5000)
  rmSync(folder, { recursive: true, force: true })
})

const batch = (type: string) => {
  const install = '0192f0c1-7b1a-4c3e-9d55-0a1b2c3d4e5f'
  const event = { id: '0192f0c1-7b1a-7000-8000-000000000001', install, seq: 1, type, at: new Date().toISOString() }
  const bytes = Buffer.from(JSON.stringify({ events: [{ ...event, data: {} }] }))
  return { class: 'k1', student: 's1', install, level: 2 as const, bytes }
}
const healths = async () => Object.fromEntries((await services.health()).map(({ name, ...rest }) => [name, rest]))

describe("services of the log's thread", () => {
  it('are those that are shown outside, with the same needs among them', () => {
    const names: ReadonlySet<string> = new Set(LOG_SERVICES.map(({ name }) => name))
    const outside = LOG_SERVICES.map(({ name, needs }) => ({ name, needs: needs.filter((need) => names.has(need)) }))
    expect(declare().map(({ name, needs }) => ({ name, needs: [...needs] }))).toEqual(outside)
  })

  it('say by name what is wrong, and when it is well again', async () => {
    await services.start()
    const { store, ingest, live } = services.parts as LogParts
    expect(Object.values(await healths()).every(({ ok }) => ok)).toBe(true)
    const { append, probe, saveCheckpoint } = store.log
    const full = () => Promise.reject(new Error('disk full'))
    Object.assign(store.log, { append: full, probe: full, saveCheckpoint: full })
    await expect(ingest([batch('session_started')])).rejects.toThrow('disk full')
    const ill = { ok: false, reason: 'disk full' }
    expect(await healths()).toMatchObject({ store: ill, ingest: ill, bus: { ok: true }, live: { ok: true } })
    // Well again before anybody has sent anything.
    Object.assign(store.log, { append, probe })
    expect(await healths()).toMatchObject({ store: { ok: true }, ingest: { ok: true } })
    await live.feed.stored((await ingest([batch('session_started')])).stored)
    await expect(live.feed.stop()).rejects.toThrow('disk full')
    Object.assign(store.log, { saveCheckpoint })
  })

  it('stop in the reverse order, and what was folded is kept', async () => {
    await services.start()
    const { ingest, live } = services.parts as LogParts
    await live.feed.stored((await ingest([batch('session_started')])).stored)
    const { services: ended } = await services.stop(5000)
    const order = ended.map(({ name }) => name)
    expect(ended.every(({ outcome }) => outcome === 'stopped')).toBe(true)
    expect(order.indexOf('live')).toBeLessThan(order.indexOf('bus'))
    expect(order.indexOf('ingest')).toBeLessThan(order.indexOf('store'))
    services = createServices<LogParts>(declare())
    await services.start()
    const { store: again } = services.parts as LogParts
    expect(await again.log.loadCheckpoint('k1', FOLD_VERSION)).toMatchObject({ offset: 1 })
  })
})
