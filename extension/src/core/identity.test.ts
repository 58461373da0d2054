import { describe, expect, it } from 'vitest'
import { fingerprint, identitiesOf, namedIdentity, type OpenedCell, type OpenedNotebook } from './identity.ts'

let count = 0
/** Ids as JupyterLab makes them when a file holds none. */
const cell = (source: string, metadata: Record<string, unknown> = {}): OpenedCell => ({
  id: `random-${(count += 1)}`,
  type: 'code',
  source,
  metadata,
})
const notebook = (cells: OpenedCell[], over: Partial<OpenedNotebook> = {}): OpenedNotebook => ({
  path: `home/${(count += 1)}/lesson.ipynb`,
  metadata: {},
  keepsIds: false,
  isUsed: false,
  cells,
  ...over,
})

describe('identities', () => {
  it('EVT-7 lines up two hundred copies of a notebook that holds no cell ids, at whatever path', () => {
    const copy = () => identitiesOf(notebook([cell('import math'), cell('x = ___'), cell(''), cell('x = ___ ')]))
    const first = copy()
    for (let student = 1; student < 200; student += 1) expect(copy()).toEqual(first)
    expect(new Set(first.cells).size).toBe(4)
    expect(identitiesOf(notebook([cell('import math'), cell('y = ___')])).notebook).not.toBe(first.notebook)
  })

  it('EVT-7 takes names before cell ids before fingerprints, and gives none to two cells', () => {
    const graded = cell('a', { nbgrader: { grade_id: 'task-1' }, lectern: { id: 'other' } })
    const named = cell('b', { lectern: { id: 'kept' } })
    const copied = cell('c', { lectern: { id: 'kept' } })
    const plain = cell('d')
    const opened = notebook([graded, named, copied, plain], { keepsIds: true, metadata: { lectern: { id: 'book' } } })
    expect(identitiesOf(opened)).toEqual({ notebook: 'book', cells: ['task-1', 'kept', copied.id, plain.id] })
    expect(identitiesOf({ ...opened, keepsIds: false }).cells[2]).toMatch(/^cell-[0-9a-f]{14}$/)
    expect(namedIdentity({ nbgrader: 'x', lectern: { id: 7 } })).toBeUndefined()
  })

  it('EVT-7 knows a notebook by its path that was run before, or that nobody handed out', () => {
    const used = notebook([cell('1 + 1')], { isUsed: true })
    expect(identitiesOf(used).notebook).toBe(used.path)
    const empty = notebook([cell(' \n')], { path: 'Untitled.ipynb' })
    expect(identitiesOf(empty).notebook).toBe('Untitled.ipynb')
  })

  it('tells texts apart', () => {
    const prints = Array.from({ length: 20_000 }, (_, index) => fingerprint(`cell ${index}`))
    expect(new Set(prints).size).toBe(20_000)
    expect(prints[0]).toMatch(/^[0-9a-f]{14}$/)
  })
})
