import type { StoredEvent } from '@lectern/protocol'
import { describe, expect, it } from 'vitest'
import { handedOut, readHandout } from './read-handout.ts'
import { indexAt, narrowed, storyOf } from './story.ts'
import { stripAnsi } from './strip-ansi.ts'
import { writtenIn } from './use-event-words.ts'

const START = 1_775_782_800_000

function event(offset: number, type: StoredEvent['type'], more: object = {}): StoredEvent {
  const time = START + offset * 1000
  const made = {
    offset,
    type,
    time,
    received: time,
    at: '',
    id: `e${offset}`,
    install: 'i',
    seq: offset,
    student: 's1',
  }
  return { ...made, data: {}, ...more } as unknown as StoredEvent
}
const run = (offset: number, index: number, source: string) =>
  event(offset, 'cell_executed', {
    notebook: { id: 'nb', path: 'a/nb.ipynb' },
    cell: { id: `c${index}`, index, type: 'code' },
    data: { status: source === 'bad' ? 'error' : 'ok', source },
  })

const EVENTS = [
  event(1, 'session_started'),
  run(2, 4, 'bad'),
  event(3, 'help_requested', { data: { message: 'why?' } }),
  run(4, 4, 'x = 1'),
  event(5, 'connection_lost'),
  event(6, 'message_sent', { data: { message: 'm1', text: 'try this' } }),
  event(7, 'connection_back'),
  run(8, 1, 'y'),
  // Arrived last, happened first of this cell.
  { ...run(9, 4, 'x'), time: START + 1500 },
]

describe('the story of a student', () => {
  const story = storyOf(EVENTS)

  it('is in the order of time, with each run among those of its cell', () => {
    expect(story.events.map(({ offset }) => offset)).toEqual([1, 9, 2, 3, 4, 5, 6, 7, 8])
    expect(story.runs.get(4)).toMatchObject({ n: 3, of: 3, key: 'nb#c4' })
    expect([story.runs.get(4)?.before?.offset, story.runs.get(4)?.first.offset]).toEqual([2, 9])
    expect(story.cells.map(({ cell, of }) => [cell.index, of])).toEqual([
      [1, 1],
      [4, 3],
    ])
    expect([story.from, story.to]).toEqual([START + 1000, START + 8000])
  })

  it('knows when the student was there, and is narrowed to what one looks for', () => {
    expect(story.there.map(({ from, to }) => [from - START, to - START])).toEqual([
      [1000, 5000],
      [7000, 8000],
    ])
    expect(story.notebooks).toMatchObject([{ text: 'a/nb.ipynb' }])
    const offsets = (filter: string) => narrowed(story, filter).map(({ offset }) => offset)
    expect(offsets('runs')).toEqual([9, 2, 4, 8])
    expect(offsets('errors')).toEqual([2])
    expect(offsets('talk')).toEqual([3, 6])
    expect(offsets('nb#c1')).toEqual([8])
    expect(offsets('all')).toHaveLength(9)
    expect([indexAt(story.events, 0), indexAt(story.events, START + 2000), indexAt(story.events, 9e15)]).toEqual([
      -1, 2, 8,
    ])
    expect(story.events.flatMap((one) => writtenIn(one) ?? [])).toEqual(['why?', 'try this'])
    expect(storyOf([])).toMatchObject({ events: [], there: [], from: 0, to: 0 })
  })
})

describe('the hand-out', () => {
  const handout = (cells: unknown) => readHandout('nb', JSON.stringify({ cells, nbformat: 4 }))

  it('HND-1 is read from a notebook file, with or without ids of cells', () => {
    const read = handout([
      { id: 'c1', cell_type: 'code', source: ['x = 1\n', 'y = 2'] },
      { cell_type: 'markdown', source: '# Title' },
      { cell_type: 'heading' },
    ])
    expect(read?.cells.map(({ id, type, source }) => [id, type, source])).toEqual([
      ['c1', 'code', 'x = 1\ny = 2'],
      ['#1', 'markdown', '# Title'],
      ['#2', 'raw', ''],
    ])
    const answer = read && { ...read, at: 0 }
    expect(handedOut(answer, { id: 'c1', index: 9, type: 'code' })).toBe('x = 1\ny = 2')
    expect(handedOut(answer, { id: 'new', index: 1, type: 'code' })).toBe('# Title')
    expect(handedOut(answer, { id: 'new', index: 0, type: 'code' })).toBeUndefined()
    expect(handedOut(null, { id: 'c1', index: 0, type: 'code' })).toBeUndefined()
  })

  it('is no other file', () => {
    for (const text of ['', '{', '[]', 'null', '"x"', '{"cells":{}}'])
      expect(readHandout('nb', text), text).toBeUndefined()
  })
})

describe('texts of terminals', () => {
  it('are shown without colours, titles and other signs that are not seen', () => {
    expect(stripAnsi('\u001B[0;31mNameError\u001B[0m: x')).toBe('NameError: x')
    expect(stripAnsi('\u001B]0;title\u0007a\u001B[2Kb\u009B1mc')).toBe('abc')
    expect(stripAnsi('a\tb\nc\r\nd\u0000\u0008')).toBe('a\tb\nc\r\nd')
    expect(stripAnsi('[31m stays')).toBe('[31m stays')
  })

  it('are stripped in time that grows with their length alone', () => {
    const began = performance.now()
    for (const text of ['\u001B[', '\u001B]', '\u001B[1;', '\u001B[ (;?']) stripAnsi(text.repeat(100_000))
    expect(performance.now() - began).toBeLessThan(3000)
  })
})
