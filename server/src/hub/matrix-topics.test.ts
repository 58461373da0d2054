import type { Socket } from 'node:net'
import { readMatrixRow } from '@lectern/protocol'
import { describe, expect, it } from 'vitest'
import type { Principal } from '../auth/principal.ts'
import { bed, greet, INSTALL, nextNumber, STAFF, useBed } from '../../test/hub-bed.ts'

useBed()

const instructor: Principal = { kind: 'staff', user: 'u2', role: 'instructor', session: 'i' }
const WATCH = { kind: 'watch', topic: 'matrix', class: 'k1', notebook: 'nb-1' }

/** One run of a cell. */
function runOf(cell: number, status: string, notebook: string) {
  const number = nextNumber()
  return {
    id: `0192f0c1-7b1a-7000-8000-${String(number).padStart(12, '0')}`,
    install: INSTALL,
    seq: number,
    type: 'cell_executed',
    at: new Date().toISOString(),
    notebook: { id: notebook, path: 'a.ipynb' },
    cell: { id: `cell-${cell}`, index: cell, type: 'code' },
    data: { status },
  }
}

interface Ran {
  status?: string
  notebook?: string
}

async function run(student: string, cells: readonly number[], { status = 'ok', notebook = 'nb-1' }: Ran = {}) {
  const bytes = Buffer.from(JSON.stringify({ events: cells.map((cell) => runOf(cell, status, notebook)) }))
  await bed.log.submit({ class: 'k1', student, install: INSTALL, level: 2, bytes })
}

/** The rows that a reader of these frames holds; undefined before the first. */
function rowsOf(heard: readonly any[]): Record<string, string> | undefined {
  let rows: Record<string, string> | undefined
  let held = 0
  for (const frame of heard.filter(({ kind }) => kind === 'matrix')) {
    expect(frame.from ?? held, 'joins without a gap').toBeLessThanOrEqual(held)
    rows = frame.from === undefined ? frame.rows : { ...rows, ...frame.rows }
    held = frame.to
  }
  return rows
}

describe('the topic of the matrix', () => {
  it('MTX-1 gives all rows at once, then those that changed, at most once a second', async () => {
    await run('s1', [0, 1])
    const client = await greet(instructor)
    client.say(WATCH)
    const first = await client.until(({ kind }) => kind === 'matrix')
    expect(first).toMatchObject({ class: 'k1', notebook: 'nb-1', cells: [{ index: 0 }, { index: 1 }] })
    expect(first.rows).toEqual({ s1: 'd,d' })
    const began = performance.now()
    for (let step = 0; step < 12; step += 1) {
      await run('s2', [0], { status: 'error' })
      await new Promise((resolve) => setTimeout(resolve, 110))
    }
    await expect.poll(() => rowsOf(client.heard)?.['s2'], { timeout: 4000 }).toMatch(/^fc/)
    const frames = client.heard.filter(({ kind, from }) => kind === 'matrix' && from !== undefined)
    expect(frames.length).toBeLessThanOrEqual(1 + (performance.now() - began) / 1000)
    for (const { rows, cells } of frames) expect([Object.keys(rows), cells]).toEqual([['s2'], undefined])
    client.socket.close()
  })

  it('MTX-1 follows one notebook of a class at a time, and nothing after unwatch', async () => {
    const client = await greet(STAFF)
    client.say(WATCH)
    expect(await client.until(({ kind }) => kind === 'matrix')).toMatchObject({ cells: [], rows: {} })
    client.say({ ...WATCH, notebook: 'nb-2' })
    await client.until(({ notebook }) => notebook === 'nb-2')
    expect(bed.hub.list({ kind: 'admin', limit: 1 })).toMatchObject([{ topics: ['matrix'], classes: ['k1'] }])
    await run('s1', [0])
    await run('s1', [3], { notebook: 'nb-2' })
    const moved = await client.until(({ notebook, rows }) => notebook === 'nb-2' && rows.s1)
    expect(moved).toMatchObject({ cells: [{ index: 3 }], rows: { s1: 'd' } })
    expect(client.heard.filter(({ notebook }) => notebook === 'nb-1')).toHaveLength(1)
    client.say({ kind: 'unwatch', topic: 'matrix', class: 'k1' })
    const heard = client.heard.length
    await run('s1', [4], { notebook: 'nb-2' })
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect(client.heard.length).toBe(heard)
    const other = await greet(instructor)
    other.say({ ...WATCH, class: 'k2' })
    expect(await other.closed).toBe(4403)
    client.socket.close()
  })

  it('MTX-3 gives all rows anew after an erasure', async () => {
    await run('s1', [0])
    await run('s2', [0])
    const client = await greet(STAFF)
    client.say(WATCH)
    await client.until(({ kind }) => kind === 'matrix')
    expect(Object.keys(rowsOf(client.heard) ?? {})).toEqual(['s1', 's2'])
    await bed.log.erase('k1', 's2')
    await expect.poll(() => Object.keys(rowsOf(client.heard) ?? {}), { timeout: 4000 }).toEqual(['s1'])
    client.socket.close()
  })

  it('MTX-3 gives a reader that fell behind all rows when it reads again, and closes one that does not', async () => {
    const cells = Array.from({ length: 500 }, (_, index) => index)
    for (let index = 0; index < 40; index += 1) await run(`s${index}`, cells)
    const client = await greet(STAFF)
    client.say(WATCH)
    await client.until(({ kind }) => kind === 'matrix')
    const raw = (client.socket as unknown as { _socket: Socket })._socket
    /** Asks for all rows, without reading them, until they wait in the server. */
    const stopReading = async () => {
      raw.pause()
      const { merges } = bed.hub.totals()
      for (let round = 0; round < 1000 && bed.hub.totals().merges === merges; round += 1) {
        client.say(WATCH)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      expect(bed.hub.totals().merges).toBeGreaterThan(merges)
      expect(bed.hub.totals().queuedBytes).toBeLessThanOrEqual(512 * 1024)
    }
    await stopReading()
    await run('s0', [0], { status: 'error' })
    raw.resume()
    const whole = await bed.log.matrix('k1', 'nb-1')
    const { rows } = JSON.parse(Buffer.from(whole.bytes ?? []).toString('utf8'))
    await expect.poll(() => rowsOf(client.heard), { timeout: 10_000 }).toEqual(rows)
    expect(readMatrixRow(rows.s0)).toHaveLength(500)
    await stopReading()
    bed.ahead += 11_000
    await new Promise((resolve) => setTimeout(resolve, 600))
    raw.resume()
    expect(await client.closed).toBe(4409)
  }, 60_000)
})
