import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { AppendOutcome, LogStore, NewEvent } from './store.ts'

/** How a suite makes, reopens and breaks one implementation. */
export interface StoreBed {
  open(): Promise<LogStore>
  /** Closes without a word and opens again what is on disk, as after a crash. */
  reopen(store: LogStore): Promise<LogStore>
}

const INSTALL = '0192f0c1-7b1a-4c3e-9d55-0a1b2c3d4e5f'

/** UUID that ends in `n`. */
export const idOf = (n: number): string => `0192f0c1-7b1a-7000-8000-${String(n).padStart(12, '0')}`

/** An event as ingest hands it over. */
export function newEvent(seq: number, more: Partial<NewEvent> = {}): NewEvent {
  const time = 1_775_782_800_000 + seq * 1000
  return {
    class: 'k1',
    student: 's1',
    id: idOf(seq),
    install: INSTALL,
    seq,
    type: 'cell_executed',
    at: new Date(time).toISOString(),
    received: time + 40,
    time,
    session: 'morning',
    notebook: { id: 'nb', path: 'a/b:c 1.ipynb' },
    cell: { id: 'x:1', index: 3, type: 'code' },
    data: { status: 'ok', durationMs: 1.5 },
    ...more,
  }
}

const append = (store: LogStore, events: NewEvent[]): Promise<AppendOutcome[]> => store.append({ events, refused: [] })

/** What every store of the log must do. */
export function describeStore(bed: () => Promise<StoreBed>): void {
  it('LOG-1 LOG-3 gives contiguous offsets by class, in the order of the batch', async () => {
    const store = await (await bed()).open()
    const events = [newEvent(1), newEvent(1, { class: 'k2' }), newEvent(2), newEvent(2, { class: 'k2' }), newEvent(3)]
    expect((await append(store, events)).map(({ offset }) => offset)).toEqual([1, 1, 2, 2, 3])
    expect(await store.top('k1')).toBe(3)
    expect(await store.top('k2')).toBe(2)
    expect(await store.top('other')).toBe(0)
    expect((await store.classes()).toSorted()).toEqual(['k1', 'k2'])
    await store.close()
  })

  it('LOG-2 LOG-4 gives back what was stored, page by page, also after a crash', async () => {
    const made = await bed()
    const store = await made.open()
    const bare = newEvent(3, { type: 'presence', data: {}, at: 'yesterday', clockOff: true })
    for (const name of ['session', 'notebook', 'cell'] as const) delete bare[name]
    const events = [newEvent(1), newEvent(2, { student: 's2', at: '2026-04-10T01:00:02+09:00' }), bare]
    await append(store, events)
    const expected = events.map((event, index) => {
      const stored: Partial<NewEvent> & { offset: number } = { ...event, offset: index + 1 }
      delete stored.class
      return stored
    })
    expect(await store.read('k1', 0, 2)).toEqual(expected.slice(0, 2))
    const again = await made.reopen(store)
    expect(await again.read('k1', 2, 10)).toEqual(expected.slice(2))
    expect(await again.read('k1', 3, 10)).toEqual([])
    expect((await append(again, [newEvent(4)]))[0]).toEqual({ status: 'stored', offset: 4 })
    await again.close()
  })

  it('ING-3 answers duplicate with the first offset, in one batch, in another, and after a crash', async () => {
    const made = await bed()
    const store = await made.open()
    expect(await append(store, [newEvent(1), newEvent(1)])).toEqual([
      { status: 'stored', offset: 1 },
      { status: 'duplicate', offset: 1 },
    ])
    const upper = newEvent(1, { id: idOf(1).toUpperCase() })
    expect(await append(store, [upper])).toEqual([{ status: 'duplicate', offset: 1 }])
    const again = await made.reopen(store)
    expect(await append(again, [newEvent(1)])).toEqual([{ status: 'duplicate', offset: 1 }])
    expect(await again.top('k1')).toBe(1)
    await again.close()
  })

  it('ING-5 keeps the first of two contents, and the same id of two students apart', async () => {
    const store = await (await bed()).open()
    await append(store, [newEvent(1)])
    const other = newEvent(1, { data: { status: 'error' } })
    expect(await append(store, [other])).toEqual([{ status: 'duplicate', offset: 1, conflict: true }])
    expect(await append(store, [newEvent(1, { student: 's2' })])).toEqual([{ status: 'stored', offset: 2 }])
    expect(await append(store, [newEvent(1, { class: 'k2' })])).toEqual([{ status: 'stored', offset: 1 }])
    const [first] = await store.read('k1', 0, 1)
    expect(first?.data).toEqual({ status: 'ok', durationMs: 1.5 })
    await store.close()
  })

  it('ING-4 knows up to where every number is settled, through gaps, refusals and crashes', async () => {
    const made = await bed()
    let store = await made.open()
    const through = (): Promise<number> => store.settledThrough('k1', 's1', INSTALL)
    expect(await through()).toBe(0)
    await append(store, [newEvent(1), newEvent(2), newEvent(5)])
    expect(await through()).toBe(2)
    await store.append({ events: [], refused: [{ class: 'k1', student: 's1', install: INSTALL, seq: 3 }] })
    expect(await through()).toBe(3)
    store = await made.reopen(store)
    expect(await through()).toBe(3)
    await append(store, [newEvent(4)])
    expect(await through()).toBe(5)
    store = await made.reopen(store)
    expect(await through()).toBe(5)
    expect(await store.settledThrough('k1', 's2', INSTALL)).toBe(0)
    await store.close()
  })

  it('PRI-1 gives back what was sealed together, from any offset, among facts that are not sealed', async () => {
    const made = await bed()
    const store = await made.open()
    const written = (seq: number): NewEvent =>
      newEvent(seq, { data: { status: 'ok', source: `print(${seq})` }, ...(seq % 5 === 0 ? { at: 'long ago' } : {}) })
    const facts = (seq: number): NewEvent => newEvent(seq, { data: { status: 'ok', durationMs: seq } })
    const events = Array.from({ length: 450 }, (_, index) => (index % 3 === 1 ? facts(index + 1) : written(index + 1)))
    // A repeated one among them must not move the others.
    events.splice(7, 0, written(1))
    await append(store, events)
    await append(store, [written(451)])
    await append(store, [newEvent(1, { student: 's2', data: { status: 'error', errorName: 'NameError' } })])
    const again = await made.reopen(store)
    for (const [after, limit] of [
      [0, 1000],
      [5, 1],
      [199, 3],
      [200, 10],
      [449, 100],
    ] as const) {
      const read = await again.read('k1', after, limit)
      expect(read[0]?.offset).toBe(after + 1)
      for (const event of read.filter(({ student }) => student === 's1')) {
        const { data, at } = event.seq === 451 || (event.seq - 1) % 3 !== 1 ? written(event.seq) : facts(event.seq)
        expect([event.offset, event.data, event.at]).toEqual([event.seq, data, at])
      }
    }
    expect((await again.read('k1', 451, 1))[0]?.data).toEqual({ status: 'error', errorName: 'NameError' })
    expect(await append(again, [written(3), written(4)])).toMatchObject([
      { status: 'duplicate', offset: 3 },
      { status: 'duplicate', offset: 4 },
    ])
    await again.close()
  })

  it('PRI-3 empties the events of an erased student, keeps offsets and the others, and forgets checkpoints', async () => {
    const made = await bed()
    const store = await made.open()
    const of = (student: string, seq: number): NewEvent =>
      newEvent(seq, { student, data: { source: `${student} ${seq}` } })
    await append(store, [of('s1', 1), of('s1', 2), of('s2', 1), of('s1', 3), newEvent(1, { class: 'k2' })])
    await append(store, [newEvent(2, { data: { source: 'another' } })])
    await store.saveCheckpoint('k1', '1', { offset: 4, state: Buffer.from('s1 s2') })
    expect(await store.erase('k1', 's1')).toBe(3)
    expect(await store.erase('k1', 'nobody')).toBe(0)
    const again = await made.reopen(store)
    const read = await again.read('k1', 0, 10)
    expect(read.map(({ offset, student, type }) => [offset, student, type])).toEqual([
      [1, 's1', 'erased'],
      [2, 's1', 'erased'],
      [3, 's2', 'cell_executed'],
      [4, 's1', 'erased'],
    ])
    expect(read.map(({ data, notebook }) => [data, notebook === undefined])).toEqual([
      [{}, true],
      [{}, true],
      [{ source: 's2 1' }, false],
      [{}, true],
    ])
    expect(await again.loadCheckpoint('k1', '1')).toBeUndefined()
    expect(await again.top('k1')).toBe(4)
    expect(await again.top('k2')).toBe(1)
    await again.close()
  })

  it('PRI-4 removes a class whole, and begins it anew', async () => {
    const made = await bed()
    const store = await made.open()
    await append(store, [newEvent(1), newEvent(2), newEvent(1, { class: 'k2' })])
    await store.eraseClass('k1')
    await store.eraseClass('never')
    const again = await made.reopen(store)
    expect(await again.classes()).toEqual(['k2'])
    expect(await again.read('k1', 0, 10)).toEqual([])
    expect(await again.settledThrough('k1', 's1', INSTALL)).toBe(0)
    expect(await again.top('k2')).toBe(1)
    expect(await append(again, [newEvent(1)])).toEqual([{ status: 'stored', offset: 1 }])
    await again.close()
  })

  it('STA-2 keeps the newest checkpoint of each version of the fold', async () => {
    const made = await bed()
    const store = await made.open()
    await append(store, [newEvent(1)])
    await store.saveCheckpoint('k1', '1', { offset: 1, state: Buffer.from('old') })
    await store.saveCheckpoint('k1', '1', { offset: 2, state: Buffer.from('new') })
    const again = await made.reopen(store)
    const kept = await again.loadCheckpoint('k1', '1')
    expect([kept?.offset, Buffer.from(kept?.state ?? []).toString()]).toEqual([2, 'new'])
    expect(await again.checkpoints('1')).toEqual(new Map([['k1', 2]]))
    expect(await again.checkpoints('2')).toEqual(new Map())
    expect(await again.loadCheckpoint('k1', '2')).toBeUndefined()
    expect(await again.loadCheckpoint('k2', '1')).toBeUndefined()
    await again.close()
  })

  it('ING-3 LOG-1 agrees with a simple model over random schedules of batches, repeats and crashes', async () => {
    const step = fc.record({
      crash: fc.boolean(),
      events: fc.array(fc.record({ seq: fc.integer({ min: 1, max: 12 }), student: fc.constantFrom('s1', 's2') }), {
        maxLength: 6,
      }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const made = await bed()
        let store = await made.open()
        const model: string[] = []
        for (const { crash, events } of steps) {
          const outcomes = await append(
            store,
            events.map(({ seq, student }) => newEvent(seq, { student })),
          )
          for (const [index, { seq, student }] of events.entries()) {
            const key = `${student} ${seq}`
            const known = model.indexOf(key)
            if (known === -1) model.push(key)
            const expected =
              known === -1 ? { status: 'stored', offset: model.length } : { status: 'duplicate', offset: known + 1 }
            expect(outcomes[index]).toEqual(expected)
          }
          if (crash) store = await made.reopen(store)
        }
        const log = await store.read('k1', 0, 1000)
        expect(log.map(({ student, seq }) => `${student} ${seq}`)).toEqual(model)
        await store.close()
      }),
      { seed: 20_260_410, numRuns: 40 },
    )
  })
}
