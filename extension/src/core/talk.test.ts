import { describe, expect, it, vi } from 'vitest'
import type { OwnMessage } from '../../../protocol/src/talk.ts'
import type { Captured } from './captured.ts'
import type { Client } from './client.ts'
import { helpWordOf } from './help-word.ts'
import { ownMessageOf, talkNewsOf } from './own-messages.ts'
import { progressOf } from './own-progress.ts'
import { createTalk } from './talk.ts'

const message = (id: string, more: Partial<OwnMessage> = {}): OwnMessage => ({
  id,
  at: 1,
  from: 'Aiko',
  kind: 'message',
  text: id,
  state: 'sent',
  ...more,
})

/** A talk whose server answers with what `listed` holds when `answer` is called. */
function talkOf(listed: unknown[]) {
  const captured: Captured[] = []
  let answer = () => {}
  const own: Client['own'] = () =>
    new Promise((resolve) => (answer = () => resolve({ ok: true, value: { messages: [...listed] } })))
  const talk = createTalk({ own, capture: async (event) => captured.push(event) })
  const load = async () => {
    const done = talk.load()
    answer()
    await done
  }
  return { talk, captured, load, answer: () => answer() }
}

describe('messages of the staff', () => {
  it('TLK-2 are read with care: what is no message is none, what is no place is no place', () => {
    for (const wrong of [undefined, 'x', {}, message('a', { kind: 'order' as never }), { ...message('a'), text: 1 }]) {
      expect(ownMessageOf(wrong)).toBeUndefined()
    }
    const odd = { ...message('a'), notebook: { id: 7 }, cell: 'c', more: 1 }
    expect(ownMessageOf(odd)).toEqual(message('a'))
    expect(talkNewsOf({ kind: 'message', message: {} })).toBeUndefined()
    expect(talkNewsOf({ kind: 'help', open: true })).toBeUndefined()
  })

  it('TLK-3 TLK-5 are listed once each, and withdrawn ones are gone, whatever comes first', async () => {
    const { talk, load, answer } = talkOf([message('a'), message('b')])
    await load()
    talk.heard({ kind: 'message', message: message('c') })
    expect(talk.messages.get().map(({ id }) => id)).toEqual(['a', 'b', 'c'])
    // What is heard while the server answers is newer than its answer.
    const loading = talk.load()
    talk.heard({ kind: 'messageWithdrawn', id: 'a' })
    talk.heard({ kind: 'message', message: message('d') })
    answer()
    await loading
    expect(talk.messages.get().map(({ id }) => id)).toEqual(['b', 'd'])
    talk.clear()
    expect(talk.messages.get()).toEqual([])
  })

  it('TLK-4 say once that they were seen, and each answer', async () => {
    const { talk, captured, load } = talkOf([message('a', { kind: 'cell' }), message('b', { state: 'seen' })])
    await load()
    const [cell, seen] = talk.messages.get()
    if (!cell || !seen) throw new Error('They are there.')
    for (const one of [cell, cell, seen]) talk.seen(one)
    talk.answer(cell, 'later')
    expect(captured.map(({ type, data }) => [type, data])).toEqual([
      ['message_seen', { message: 'a' }],
      ['message_answered', { message: 'a', outcome: 'later' }],
    ])
    // The server may not have heard it yet.
    await load()
    expect(talk.messages.get().map(({ state }) => state)).toEqual(['later', 'seen'])
    talk.answer(cell, 'applied')
    expect(talk.messages.get()[0]?.state).toBe('applied')
  })

  it('TLK-4 are said again when the browser could not keep the answer', async () => {
    const capture = vi
      .fn<() => Promise<unknown>>()
      .mockRejectedValueOnce(new Error('full'))
      .mockResolvedValue(undefined)
    const talk = createTalk({ own: async () => ({ ok: true, value: {} }), capture })
    talk.heard({ kind: 'message', message: message('a') })
    talk.seen(message('a'))
    await Promise.resolve()
    talk.seen(message('a'))
    expect(capture).toHaveBeenCalledTimes(2)
  })
})

describe('what the server says of the student', () => {
  it('TLK-7 of a request: place or who comes, and nothing of one that is closed', () => {
    expect(helpWordOf({ kind: 'help', open: true, since: 5, place: 2 })).toEqual({ open: true, since: 5, place: 2 })
    expect(helpWordOf({ kind: 'help', open: true, coming: 'Aiko' })).toEqual({ open: true, coming: 'Aiko' })
    expect(helpWordOf({ kind: 'help', open: false, place: 2 })).toEqual({ open: false })
  })

  it('TLK-8 of progress: states of known words, cells done, and a band that is whole', () => {
    const cells = ['done', 'failing', 'tried', 'dancing'].map((state, n) => ({ cell: { id: `c${n}` }, state }))
    const notebooks = [
      { notebook: { id: 'n', path: 'week 1/n.ipynb' }, cells },
      { notebook: { id: 'm' }, cells: [cells[0]] },
    ]
    const band = { done: { low: 1, middle: 2, high: 4 }, students: 9 }
    const progress = progressOf({ notebooks, band })
    expect([...(progress.cells.get('n') ?? [])]).toEqual([
      ['c0', 'done'],
      ['c1', 'failing'],
      ['c2', 'tried'],
    ])
    expect([progress.done, progress.band]).toEqual([2, band])
    expect([...progress.paths]).toEqual([['n', 'week 1/n.ipynb']])
    expect(progressOf({ band: { done: { low: 1 }, students: 9 } })).toEqual({
      cells: new Map(),
      paths: new Map(),
      done: 0,
      band: undefined,
    })
  })
})
