import { emptyState, SMALLEST_GROUP, type AttentionKind, type ClassState } from '@lectern/protocol'
import { describe, expect, it } from 'vitest'
import { summarize } from './summary.ts'

const NOW = 1_000_000
const NOTEBOOK = { id: 'lesson', path: 'taro/lesson-taro.ipynb' }
const cell = (index: number) => ({ id: `cell-${index}`, index, type: 'code' as const })

/** A class with so many students of each kind. */
function stateOf(kinds: Partial<Record<AttentionKind, number>>): ClassState {
  const state = emptyState()
  for (const [kind, count = 0] of Object.entries(kinds) as [AttentionKind, number][]) {
    for (let at = 0; at < count; at += 1) {
      state.students[`s_${kind}_${at}`] = {
        firstAt: 0,
        lastAt: 0,
        online: true,
        executions: 1,
        failures: 0,
        attention: [
          { from: 0, kind, score: 1, reason: { code: 'working' } },
          { from: NOW + 1, kind: 'away', score: 0, reason: { code: 'left' } },
        ],
      }
    }
  }
  return state
}

const errorOf = (name: string, ids: string[], index = 0): ClassState['errors'][string] => ({
  name,
  message: "name 'secret_of_taro' is not defined",
  notebook: NOTEBOOK,
  cell: cell(index),
  since: 0,
  lastAt: 0,
  total: ids.length,
  students: Object.fromEntries(ids.map((id) => [id, { count: 1, since: 0 }])),
})

describe('the summary of a class', () => {
  it('AGG-1 counts students by what they need now', () => {
    const { students, attention, smallest } = summarize(stateOf({ active: 12, stuck: 6 }), NOW)
    expect({ students, attention, smallest }).toEqual({
      students: 18,
      attention: { help: 0, stuck: 6, failing: 0, idle: 0, active: 12, away: 0 },
      smallest: SMALLEST_GROUP,
    })
    expect(summarize(stateOf({ active: 12, stuck: 6 }), NOW + 1).attention).toMatchObject({ active: 0, away: 18 })
    expect(summarize(stateOf({ active: 12, stuck: 6, help: 1 }), NOW).attention).toEqual({
      needing: 7,
      idle: 0,
      active: 12,
      away: 0,
    })
    expect(summarize(emptyState(), NOW)).toMatchObject({ students: 0, cells: [], errors: [], minutes: [] })
    expect(summarize(stateOf({ active: 4 }), NOW)).toEqual({
      at: NOW,
      smallest: 5,
      attention: {},
      cells: [],
      errors: [],
      minutes: [],
    })
  })

  it('AGG-1 AGG-2 tells of a cell only when enough have come to it, and what it can without telling the rest', () => {
    const state = stateOf({ active: 30 })
    const progress = { notebook: NOTEBOOK, tries: 99, failing: 0 }
    state.cells['lesson#b'] = { ...progress, cell: cell(2), reached: 15, done: 9 }
    state.cells['lesson#a'] = { ...progress, cell: cell(1), reached: 29, done: 20 }
    state.cells['diary of taro#a'] = {
      ...progress,
      notebook: { id: 'diary', path: 'd' },
      cell: cell(0),
      reached: 4,
      done: 4,
    }
    expect(summarize(state, NOW).cells).toEqual([
      // Neither 1 open nor 9 tried, from which the one could be worked out.
      { notebook: 'lesson', index: 1, done: 20, undone: 10 },
      { notebook: 'lesson', index: 2, done: 9, tried: 6, open: 15 },
    ])
  })

  it('AGG-1 AGG-2 names errors that enough students have, each student once', () => {
    const state = stateOf({ failing: 30 })
    const ids = Object.keys(state.students)
    state.errors['a'] = errorOf('NameError', ids.slice(0, 4), 1)
    state.errors['b'] = errorOf('NameError', ids.slice(2, 7), 2)
    state.errors['c'] = errorOf('TaroError', ids.slice(0, 4), 3)
    state.errors['d'] = errorOf('TypeError', ids.slice(0, 27), 4)
    state.errors['e'] = errorOf('KeyError', ids, 5)
    expect(summarize(state, NOW).errors).toEqual([
      { name: 'KeyError', students: 30 },
      { name: 'NameError', students: 7 },
    ])
  })

  it('AGG-1 tells of a minute only what enough students did', () => {
    const state = stateOf({ active: 30 })
    state.activity['1'] = { executions: 50, failures: 20, help: 1, students: 20 }
    state.activity['2'] = { executions: 50, failures: 2, help: 0, students: 29 }
    state.activity['3'] = { executions: 80, failures: 40, help: 7, students: 4 }
    state.activity['4'] = { executions: 3, failures: 0, help: 0, students: 6 }
    expect(summarize(state, NOW).minutes).toEqual([
      { minute: 1, students: 20, executions: 50, failures: 20 },
      { minute: 2, executions: 50 },
      { minute: 3 },
      { minute: 4, students: 6 },
    ])
  })

  it('AGG-2 holds no id, path or text of a student', () => {
    const state = stateOf({ active: 30, help: 7 })
    const ids = Object.keys(state.students)
    state.errors['a'] = errorOf('NameError', ids.slice(0, 12))
    state.help['s_help_0'] = { event: 'e', since: 0, message: 'taro needs help' }
    state.cells['lesson#a'] = { notebook: NOTEBOOK, cell: cell(0), reached: 30, done: 20, failing: 10, tries: 60 }
    const text = JSON.stringify(summarize(state, NOW))
    expect(text).toContain('NameError')
    expect(text).not.toMatch(/s_|taro|message/)
    expect(JSON.stringify(state)).toMatch(/s_.*taro.*message|message.*taro/)
  })
})
