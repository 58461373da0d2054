import type { ClassState, StoredEvent } from '@lectern/protocol'
import { createClassFold } from '../src/live/class-fold.ts'
import type { ClassFold } from '../src/live/live.ts'

/** When the logs begin, ms. */
export const START = 1_775_782_800_000
/** The notebook of every run. */
export const NOTEBOOK = { id: 'nb', path: 'nb.ipynb' }
/** A cell of it. */
export const cellOf = (index: number) => ({ id: `c${index}`, index, type: 'code' as const })

/** What an event is to differ in. */
export type Loose = Partial<Omit<StoredEvent, 'data'>> & { data?: Record<string, unknown> }

/** A log: each entry is a type or more of an event; ids, numbers, offsets and times follow. */
export function logOf(...entries: Loose[]): StoredEvent[] {
  const seqs = new Map<string, number>()
  return entries.map((entry, index) => {
    const student = entry.student ?? 's1'
    const seq = entry.seq ?? (seqs.get(student) ?? 0) + 1
    seqs.set(student, seq)
    const time = entry.time ?? START + index * 1000
    const base = {
      offset: index + 1,
      student,
      id: `id-${index}`,
      install: `i-${student}`,
      seq,
      type: 'presence',
      data: {},
    }
    return { ...base, at: new Date(time).toISOString(), received: time, time, ...entry } as StoredEvent
  })
}

/** A run of a cell. */
export const ran = (
  status: 'ok' | 'error' | undefined,
  more: Loose & { index?: number; error?: string; message?: string } = {},
): Loose => {
  const { index = 1, error = 'NameError', message = "name 'x' is not defined", ...rest } = more
  const data = status === 'error' ? { status, errorName: error, errorMessage: message } : status ? { status } : {}
  return { type: 'cell_executed', notebook: NOTEBOOK, cell: cellOf(index), data, ...rest }
}

/** The fold over a log, flushed. */
export function foldOf(log: readonly StoredEvent[]): ClassFold {
  const fold = createClassFold()
  fold.apply(log)
  fold.flush()
  return fold
}

/** The state after such a log. */
export const stateOf = (...entries: Loose[]): ClassState => foldOf(logOf(...entries)).snapshot().state

/** Data of a message. */
export const sent = (message: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  message,
  by: 'u1',
  kind: 'hint',
  text: 'Look at the name.',
  ...more,
})
