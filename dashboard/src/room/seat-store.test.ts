import type { SeatPlace, Seats } from '@lectern/protocol'
import { describe, expect, it } from 'vitest'
import { createSeatStore, seatKey } from './seat-store.ts'

const at = (id: string, x: number, y = 1): SeatPlace => ({ kind: 'student', id, x, y })
const gone = (id: string): SeatPlace => ({ kind: 'student', id })

/** A room that two pages edit, as the server keeps it (SPEC PLN-4, PLN-5). */
function createRoom() {
  const kept = new Map<string, SeatPlace & { version: number }>()
  let version = 0
  let isDown = false
  let now = 0
  const page = () =>
    createSeatStore({
      read: async (after): Promise<Seats> => {
        if (isDown) throw new Error('down')
        const places = [...kept.values()]
          .filter((one) => one.version > after)
          .map(({ version: _version, ...place }) => place)
        return { version, places }
      },
      write: async (places) => {
        if (isDown) throw new Error('down')
        version += 1
        for (const place of places) kept.set(seatKey(place), { ...place, version })
      },
      clock: () => (now += 1_000),
    })
  return { page, goDown: (down: boolean) => (isDown = down) }
}

const shown = (store: ReturnType<typeof createSeatStore>) =>
  Object.fromEntries([...store.get().places.values()].map(({ id, x }) => [id, x]))

describe('the seats of a page', () => {
  it('PLN-5 are those of the other page after the next reading', async () => {
    const { page } = createRoom()
    const [mine, theirs] = [page(), page()]
    await mine.place([at('a', 10), at('b', 20)])
    await theirs.refresh()
    await theirs.place([at('b', 90), gone('a')])
    await mine.refresh()
    expect(shown(mine)).toEqual({ b: 90 })
    expect(shown(theirs)).toEqual(shown(mine))
  })

  it('are seen at once, and taken back when the server does not take them', async () => {
    const { page, goDown } = createRoom()
    const mine = page()
    await mine.place([at('a', 10)])
    goDown(true)
    const moving = mine.place([at('a', 50), at('b', 60)])
    expect(shown(mine)).toEqual({ a: 50, b: 60 })
    await moving
    expect(shown(mine)).toEqual({ a: 10 })
    expect(mine.get()).toMatchObject({ undoable: 1, error: new Error('down') })
    goDown(false)
    await mine.refresh()
    expect(mine.get().error).toBeUndefined()
  })

  it('can be undone one change after the other, for all who look', async () => {
    const { page } = createRoom()
    const [mine, theirs] = [page(), page()]
    await mine.place([at('a', 10)])
    await mine.place([at('a', 20), at('b', 30)])
    await mine.undo()
    expect(shown(mine)).toEqual({ a: 10 })
    await theirs.refresh()
    expect(shown(theirs)).toEqual({ a: 10 })
    await mine.undo()
    await mine.undo()
    expect([shown(mine), mine.get().undoable]).toEqual([{}, 0])
  })

  it('do not jump back to what was read while they were written', async () => {
    const answers: ((seats: Seats) => void)[] = []
    let written: () => void = () => undefined
    const store = createSeatStore({
      read: () => new Promise((settle) => answers.push(settle)),
      write: () => new Promise((settle) => (written = settle)),
      clock: () => 0,
    })
    const first = store.refresh()
    answers.shift()?.({ version: 1, places: [at('a', 10)] })
    await first
    const moving = store.place([at('a', 70)])
    const meanwhile = store.refresh()
    answers.shift()?.({ version: 2, places: [at('a', 11), at('b', 5)] })
    await meanwhile
    expect(shown(store)).toEqual({ a: 70, b: 5 })
    written()
    await expect.poll(() => answers.length).toBe(1)
    // Somebody else was later: theirs is what everybody sees.
    answers.shift()?.({ version: 4, places: [at('a', 33)] })
    await moving
    expect(shown(store)).toEqual({ a: 33, b: 5 })
  })

  it('are written one request after the other, and a seat that is moved key by key is one step back', async () => {
    const written: (readonly SeatPlace[])[] = []
    const going: (() => void)[] = []
    const store = createSeatStore({
      read: async () => ({ version: written.length, places: written.flat() }),
      write: (places) => {
        written.push(places)
        return new Promise((settle) => going.push(settle))
      },
      clock: () => 0,
    })
    const moves = [store.place([at('a', 50)]), store.place([at('a', 51)]), store.place([at('a', 52), at('b', 1)])]
    moves.push(store.place([at('b', 2)]), store.place([at('b', 3)]))
    expect(written).toEqual([[at('a', 50)]])
    going.shift()?.()
    await expect.poll(() => written.length).toBe(2)
    expect(written[1]).toEqual([at('a', 52), at('b', 3)])
    going.shift()?.()
    await Promise.all(moves)
    expect([shown(store), store.get().undoable]).toEqual([{ a: 52, b: 3 }, 4])
    const back = store.undo()
    going.shift()?.()
    await expect.poll(() => shown(store)).toEqual({ a: 52, b: 1 })
    going.shift()?.()
    await back
  })
})
