import {
  applyChanges,
  emptyState,
  type ClassState,
  type Patch,
  type ReplayLine,
  type StudentState,
} from '@lectern/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changesBetween } from './changes-between.ts'
import { hasGone } from './has-gone.ts'
import { createReplay } from './replay.ts'
import { createReplaySource } from './replay-source.ts'

const START = 1_775_782_800_000
const text = (line: ReplayLine) => JSON.stringify(line)
const student = (more: Partial<StudentState> = {}): StudentState => ({
  firstAt: START,
  lastAt: START,
  online: true,
  executions: 0,
  failures: 0,
  attention: [],
  ...more,
})
const cell = (index: number) => ({ id: `c${index}`, index, type: 'code' as const })
const notebook = { id: 'nb', path: 'nb.ipynb' }
const error = (name: string, ...ids: string[]) => ({
  name,
  notebook,
  cell: cell(1),
  since: START,
  lastAt: START,
  total: ids.length,
  students: Object.fromEntries(ids.map((id) => [id, { count: 1, since: START }])),
})

/** The lines of a replay with these patches, one a second. */
function linesOf(patches: readonly Patch[], state: ClassState = emptyState()): string[] {
  const to = START + patches.length * 1000
  return [
    text({ kind: 'replay', class: 'k1', from: START, to, everyMs: 1000, offset: patches.length }),
    text({ kind: 'progress', done: 1 }),
    text({ kind: 'snapshot', class: 'k1', offset: 0, at: START, state }),
    ...patches.flatMap((patch, index) => {
      const frame = { class: 'k1', at: START + (index + 1) * 1000, from: index, to: index + 1 }
      return [
        text({ kind: 'changes', ...frame, changes: [patch] }),
        text({
          kind: 'matrix',
          ...frame,
          notebook: 'nb',
          rows: { s1: `t${(index + 2).toString(36)}` },
          ...(index === 0 ? { from: undefined, cells: [cell(0)] } : {}),
        } as ReplayLine),
      ]
    }),
    text({ kind: 'end', offset: patches.length, hash: 'x' }),
  ]
}

const counts = (n: number): Patch[] =>
  Array.from({ length: n }, (_, index) => ({ students: { s1: { ...student(), executions: index + 1 } } }))

describe('a replay in the page', () => {
  it('RPL-1 holds the same at any time, wherever it was before', () => {
    const patches = counts(200)
    const replay = createReplay()
    for (const line of linesOf(patches)) replay.add(line)
    expect(replay).toMatchObject({ isWhole: true, progress: 1, until: START + 200_000 })
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 210_000 }), { minLength: 1, maxLength: 8 }), (times) => {
        for (const after of times) {
          const n = Math.min(200, Math.max(0, Math.floor(after / 1000)))
          const step = replay.at(START + after)
          expect(step?.state).toEqual(applyChanges(emptyState(), patches.slice(0, n)))
          expect(step?.matrix?.rows.get('s1')?.[0]?.tries).toBe(n === 0 ? undefined : n + 1)
        }
      }),
    )
  })

  it('RPL-1 shows what has come, and knows what to jump to', () => {
    const replay = createReplay()
    expect(replay.at(START)).toBeUndefined()
    const patches: Patch[] = [
      { help: { s1: { event: 'e', since: START } } },
      { help: { s1: { message: 'again' } } },
      { help: { s1: null }, errors: { g1: error('NameError', 's1') } },
      { help: { s1: { event: 'f', since: START } } },
    ]
    for (const line of linesOf(patches).slice(0, -1)) replay.add(line)
    expect(replay).toMatchObject({ isWhole: false, until: START + 4000 })
    expect(replay.marks).toEqual([
      { at: START + 1000, is: 'help', key: 's1' },
      { at: START + 3000, is: 'error', key: 'g1' },
      { at: START + 4000, is: 'help', key: 's1' },
    ])
  })
})

describe('the source of a replay', () => {
  it('plays, stops at the end, is moved by steps and marks, and tells each moment once', async () => {
    let now = 0
    const source = createReplaySource({ clock: () => now, onEnd: () => undefined })
    const { controls } = source
    source.add(linesOf([{ help: { s1: { event: 'e', since: START } } }, ...counts(9)]))
    expect(source.read()).toMatchObject({ now: START, offset: 0 })
    controls.jump(1)
    expect(source.read()).toMatchObject({ now: START + 1000, offset: 1 })
    controls.step(1)
    controls.step(-1)
    expect(source.read()).toBe(source.read())
    controls.seek(0)
    expect(controls.read()?.time).toBe(START)
    controls.setSpeed(60)
    const ended = new Promise<void>((settle) => {
      controls.subscribe(() => controls.read()?.isPlaying === false && settle())
    })
    controls.play()
    now = 1000
    await ended
    expect(controls.read()).toMatchObject({ time: START + 10_000, isPlaying: false, isBroken: false })
    expect(source.matrix?.read()?.notebook).toBe('nb')
    source.end()
  })

  it('RPL-3 is broken when it ends before it is whole, and over when somebody in it is gone or shares no more', () => {
    const source = createReplaySource({ clock: () => 0, onEnd: () => undefined })
    source.add(linesOf(counts(2)).slice(0, -1))
    source.loaded()
    expect(source.controls.read()?.isBroken).toBe(true)
    const replayed = { ...emptyState(), students: { s1: student(), s2: student({ sharing: false }) } }
    const live = (students: ClassState['students']) => ({ state: { ...emptyState(), students }, now: START + 60_000 })
    const silent = student({ sharing: false })
    expect(hasGone(replayed, live({ s1: student(), s2: silent, s3: student() }))).toBe(false)
    expect(hasGone(replayed, live({ s2: silent }))).toBe(true)
    expect(hasGone(replayed, live({ s1: silent, s2: silent }))).toBe(true)
    expect(hasGone(undefined, live({}))).toBe(false)
  })
})

it('tells what changed between two moments', () => {
  const before: ClassState = {
    ...emptyState(),
    students: {
      a: student({ executions: 3, cell: cell(1), notebook }),
      b: student({ executions: 2 }),
      c: student({ online: false }),
      d: student({ sharing: false }),
    },
    errors: { old: error('NameError', 'a') },
    cells: { 'nb#c1': { notebook, cell: cell(1), reached: 2, done: 1, failing: 1, tries: 5 } },
  }
  const after: ClassState = {
    ...before,
    students: {
      a: student({ executions: 8, failures: 2, cell: cell(4), notebook }),
      b: student({ executions: 2 }),
      c: student(),
      d: student({ sharing: false, executions: 5 }),
      e: student({ executions: 1, online: false }),
    },
    errors: { one: error('TypeError', 'a'), two: error('KeyError', 'a', 'b') },
    cells: { 'nb#c1': { notebook, cell: cell(1), reached: 3, done: 3, failing: 0, tries: 9 } },
    help: { b: { event: 'x', since: START } },
  }
  const mark = (key: string) => ({ at: START, is: 'help' as const, key })
  const changed = changesBetween(before, after, [mark('b'), mark('b'), { at: START, is: 'error', key: 'one' }])
  expect(changed).toMatchObject({ came: ['c'], left: [], still: ['b'], asked: ['b'], waiting: ['b'] })
  expect(changed.moved.map(({ id, runs, failures }) => [id, runs, failures])).toEqual([
    ['a', 5, 2],
    ['e', 1, 0],
  ])
  expect(changed.errors.map(([key]) => key)).toEqual(['two', 'one'])
  expect(changed.solved.map(([key]) => key)).toEqual(['old'])
  expect(changed.cells).toMatchObject([{ key: 'nb#c1', done: 2 }])
})
