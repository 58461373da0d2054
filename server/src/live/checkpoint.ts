import type { ClassState } from '@lectern/protocol'
import type { Settled } from '../store/settled.ts'
import type { ClassRulesState } from './rules.ts'
import type { CellMemory, Columns, FoldState, HelpEnd, OwnMessageMemory, Said, StudentMemory } from './fold-state.ts'

interface StoredMemory {
  installs: [string, Settled][]
  cells: [string, CellMemory][]
  cellsAt: number
  seen: StudentMemory['seen']
  minutes: number[]
  messages: [string, OwnMessageMemory][]
}

interface StoredFold {
  offset: number
  rules: ClassRulesState
  experiment?: string
  view: ClassState
  memory: [string, StoredMemory][]
  columns: [string, Columns][]
  said: [string, Said][]
  helpEnds: HelpEnd[]
}

/** A fold's state as bytes (JSON text). */
export function encodeFold({
  offset,
  rules,
  experiment,
  view,
  memory,
  columns,
  said,
  helpEnds,
}: FoldState): Uint8Array {
  const stored: StoredFold = {
    offset,
    rules,
    ...(experiment === undefined ? {} : { experiment }),
    view,
    memory: [...memory].map(([student, { installs, cells, messages, ...rest }]) => [
      student,
      { installs: [...installs], cells: [...cells], messages: [...messages], ...rest },
    ]),
    columns: [...columns],
    said: [...said],
    helpEnds,
  }
  return Buffer.from(JSON.stringify(stored))
}

/** The state that `encodeFold` wrote. Throws SyntaxError for other bytes. */
export function decodeFold(bytes: Uint8Array): FoldState {
  const stored = JSON.parse(Buffer.from(bytes).toString('utf8')) as StoredFold
  const { offset, rules, experiment, view, memory, columns, said, helpEnds } = stored
  return {
    offset,
    rules,
    ...(experiment === undefined ? {} : { experiment }),
    view,
    memory: new Map(
      memory.map(([student, { installs, cells, messages, ...rest }]) => [
        student,
        { installs: new Map(installs), cells: new Map(cells), messages: new Map(messages), ...rest },
      ]),
    ),
    columns: new Map(columns),
    said: new Map(said),
    helpEnds,
  }
}
