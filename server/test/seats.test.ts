import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SeatPlace, Seats } from '@lectern/protocol'
import { startServer, temporaryFolder, type TestServer } from './harness.ts'

let folder: ReturnType<typeof temporaryFolder>
let server: TestServer

beforeAll(async () => {
  folder = temporaryFolder()
  server = await startServer(folder.path)
})
afterAll(async () => {
  await server.app.stop()
  folder[Symbol.dispose]()
})

const place = (id: string, places: readonly SeatPlace[]) =>
  server.staff(`/api/v2/classes/${id}/seats`, { method: 'PUT', body: { places } })

const seatsAfter = async (id: string, version: number): Promise<Seats> =>
  (await server.staff(`/api/v2/classes/${id}/seats?after=${version}`)).json

const seated = (id: string, x: number, y: number): SeatPlace => ({ kind: 'student', id, x, y })

async function makeClass() {
  const { id, code } = await server.makeClass()
  const a = await server.join(code, { name: 'A', team: 'Row 1' })
  const b = await server.join(code, { name: 'B', team: '<b>Row 2</b>' })
  return { id, a: a.student, b: b.student }
}

describe('seats of a room', () => {
  it('PLN-4 PLN-5 are placed, moved and taken away; each reader gets what is new', async () => {
    const { id, a, b } = await makeClass()
    expect(await seatsAfter(id, 0)).toEqual({ version: 0, places: [] })
    expect((await place(id, [seated(a, 10, 20), { kind: 'team', id: '<b>Row 2</b>', x: 50, y: 50 }])).status).toBe(204)
    const first = await seatsAfter(id, 0)
    expect(first.places).toContainEqual({ kind: 'team', id: '<b>Row 2</b>', x: 50, y: 50 })
    await place(id, [seated(b, 0, 100), { kind: 'student', id: a }])
    const second = await seatsAfter(id, first.version)
    expect(second.places).toHaveLength(2)
    expect(second.places).toEqual(expect.arrayContaining([seated(b, 0, 100), { kind: 'student', id: a }]))
    expect(await seatsAfter(id, second.version)).toEqual({ version: second.version, places: [] })
  })

  it('PLN-4 PLN-5 bring two who edit at once to the same plan, where the last change of each seat holds', async () => {
    const { id, a, b } = await makeClass()
    await Promise.all(
      Array.from({ length: 40 }, (_, n) => place(id, [n % 2 === 0 ? seated(a, n, 1) : seated(b, n, 2)])),
    )
    await place(id, [seated(a, 77, 7)])
    const held = new Map<string, SeatPlace>()
    let version = 0
    for (let asked = 0; asked < 3; asked += 1) {
      const part = await seatsAfter(id, version)
      for (const one of part.places) held.set(one.id, one)
      version = part.version
    }
    const all = (await seatsAfter(id, 0)).places
    expect(all).toHaveLength(2)
    expect(held).toEqual(new Map(all.map((one) => [one.id, one])))
    expect(held.get(a)).toEqual(seated(a, 77, 7))
  })

  it('PLN-4 passes over who is not in the class, and refuses what is no place', async () => {
    const { id, a } = await makeClass()
    const other = await makeClass()
    expect((await place(id, [seated(other.a, 1, 1), { kind: 'team', id: 'Row 9', x: 1, y: 1 }])).status).toBe(204)
    expect((await seatsAfter(id, 0)).places).toEqual([])
    expect((await seatsAfter(other.id, 0)).places).toEqual([])
    for (const wrong of [seated(a, -1, 5), seated(a, 5, 100.5), { ...seated(a, 1, 1), kind: 'chair' }]) {
      expect((await place(id, [wrong as SeatPlace])).status).toBe(400)
    }
  })

  it('PLN-6 are said by the roster, and gone with the student', async () => {
    const { id, a, b } = await makeClass()
    await place(id, [seated(a, 60, 10), seated(b, 20, 11)])
    const roster = (await server.staff(`/api/v2/classes/${id}/students`)).json.students as {
      id: string
      seat?: string
    }[]
    expect(Object.fromEntries(roster.map(({ id: student, seat }) => [student, seat]))).toEqual({ [a]: 'A2', [b]: 'A1' })
    await server.app.directory.students.erase(id, b)
    expect((await seatsAfter(id, 0)).places).toEqual([seated(a, 60, 10)])
  })

  it('PLN-5 come with what is known of the picture', async () => {
    const { id } = await makeClass()
    const { default: sharp } = await import('sharp')
    const body = await sharp({ create: { width: 60, height: 40, channels: 3, background: 'white' } })
      .png()
      .toBuffer()
    const headers = { 'content-type': 'image/png' }
    await server.staff(`/api/v2/classes/${id}/plan`, { method: 'PUT', body, headers })
    expect((await seatsAfter(id, 0)).picture).toMatchObject({ width: 60, height: 40 })
  })
})
