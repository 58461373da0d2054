import type { ClassState } from '@lectern/protocol'
import type { Settled } from '../store/settled.ts'
import type { RuleSetName } from './rules.ts'
import type { CellMemory, FoldState, StudentMemory } from './fold-state.ts'

interface StoredMemory {
  installs: [string, Settled][]
  cells: [string, CellMemory][]
  seen: StudentMemory['seen']
  minutes: number[]
}

interface StoredFold {
  offset: number
  rules: RuleSetName
  experiment?: string
  view: ClassState
  memory: [string, StoredMemory][]
}

/** A fold's state as bytes (JSON text). */
export function encodeFold({ offset, rules, experiment, view, memory }: FoldState): Uint8Array {
  const stored: StoredFold = {
    offset,
    rules,
    ...(experiment === undefined ? {} : { experiment }),
    view,
    memory: [...memory].map(([student, { installs, cells, seen, minutes }]) => [
      student,
      { installs: [...installs], cells: [...cells], seen, minutes },
    ]),
  }
  return Buffer.from(JSON.stringify(stored))
}

/** The state that `encodeFold` wrote. Throws SyntaxError for other bytes. */
export function decodeFold(bytes: Uint8Array): FoldState {
  const { offset, rules, experiment, view, memory } = JSON.parse(Buffer.from(bytes).toString('utf8')) as StoredFold
  return {
    offset,
    rules,
    ...(experiment === undefined ? {} : { experiment }),
    view,
    memory: new Map(
      memory.map(([student, { installs, cells, seen, minutes }]) => [
        student,
        { installs: new Map(installs), cells: new Map(cells), seen, minutes },
      ]),
    ),
  }
}
