import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openSqliteDatabase } from '../store/sqlite.ts'
import { openAudit, type Deed } from './audit.ts'

const folder = mkdtempSync(join(tmpdir(), 'lectern-audit-'))
let files = 0

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function open(file = join(folder, `${(files += 1)}.db`)) {
  let at = 1000
  const audit = await openAudit({ database: openSqliteDatabase(file), clock: () => (at += 1) })
  return { file, audit }
}

/** Runs SQL on the file as somebody who owns the machine could. */
function tamper(file: string, ...statements: string[]): void {
  const database = openSqliteDatabase(file)
  for (const statement of statements) database.prepare(statement).run([])
  database.close()
}

const DEEDS: Deed[] = [
  { actor: 'u_1', action: 'signed_in' },
  { actor: 'u_1', action: 'code_viewed', class: 'c_1', target: 's_1' },
  { actor: 'u_2', action: 'exported', class: 'c_1', details: { events: 7 } },
  { actor: 'u_2', action: 'code_viewed', class: 'c_2', target: 's_2' },
]

describe('the audit', () => {
  it('AUD-1 gives back what was recorded, the newest first, by any member', async () => {
    const { audit } = await open()
    for (const deed of DEEDS) await audit.record(deed)
    const all = await audit.find({})
    expect(all.entries.map(({ action }) => action)).toEqual(['code_viewed', 'exported', 'code_viewed', 'signed_in'])
    expect(all.next).toBeUndefined()
    expect((await audit.find({ class: 'c_1' })).entries.map(({ n }) => n)).toEqual([3, 2])
    expect((await audit.find({ action: 'code_viewed', actor: 'u_2' })).entries.map(({ target }) => target)).toEqual([
      's_2',
    ])
    expect((await audit.find({ from: 1003, to: 1005 })).entries.map(({ n }) => n)).toEqual([3, 2])
    const first = await audit.find({ limit: 3 })
    expect(first.next).toBe(2)
    expect((await audit.find({ limit: 3, before: 2 })).entries.map(({ n }) => n)).toEqual([1])
    await audit.close()
  })

  it('AUD-1 keeps entries recorded at the same moment in one chain', async () => {
    const { audit } = await open()
    await Promise.all(Array.from({ length: 50 }, () => audit.record({ actor: 'u_1', action: 'signed_in' })))
    expect(await audit.verify()).toMatchObject({ entries: 50, ok: true })
    await audit.close()
  })

  it('AUD-2 refuses to change or remove an entry', async () => {
    const { audit, file } = await open()
    for (const deed of DEEDS) await audit.record(deed)
    await audit.close()
    expect(() => tamper(file, "UPDATE entries SET actor = 'u_9'")).toThrow('never changed')
    expect(() => tamper(file, 'DELETE FROM entries WHERE n = 4')).toThrow('never removed')
  })

  it.each([
    ['another actor', "UPDATE entries SET actor = 'u_9' WHERE n = 2", 2],
    ['another time', 'UPDATE entries SET at = 5 WHERE n = 3', 3],
    ['a missing entry', 'DELETE FROM entries WHERE n = 2', 2],
    ['a missing first entry', 'DELETE FROM entries WHERE n = 1', 1],
    ['a changed hash', "UPDATE entries SET hash = 'x' WHERE n = 4", 4],
  ])('AUD-2 finds %s, made by somebody who took the triggers away', async (_, statement, firstBroken) => {
    const { audit, file } = await open()
    for (const deed of DEEDS) await audit.record(deed)
    expect(await audit.verify()).toMatchObject({ entries: 4, ok: true })
    await audit.close()
    tamper(file, 'DROP TRIGGER entries_stay', 'DROP TRIGGER entries_remain', statement)
    const again = await open(file)
    expect(await again.audit.verify()).toMatchObject({ ok: false, firstBroken })
    await again.audit.close()
  })

  it('AUD-2 gives the hash by which a chain that was cut off is known', async () => {
    const { audit, file } = await open()
    for (const deed of DEEDS) await audit.record(deed)
    const { head } = await audit.verify()
    await audit.close()
    tamper(file, 'DROP TRIGGER entries_remain', 'DELETE FROM entries WHERE n = 4')
    const again = await open(file)
    const cut = await again.audit.verify()
    expect(cut).toMatchObject({ ok: true, entries: 3 })
    expect(cut.head).not.toBe(head)
    await again.audit.close()
  })
})
