import {
  applyChanges,
  emptyState,
  type ClassState,
  type Patch,
  type ReplayHead,
  type ReplayLine,
} from '@lectern/protocol'
import { applyMatrix, type Matrix } from '../matrix/matrix.ts'

/** A state is kept whole once in so many steps; the steps between are applied anew. */
const KEY_EVERY = 40

/** The class at one step of a replay. Between keyframes it shares all that did not change. */
export interface Step {
  readonly at: number
  readonly offset: number
  readonly state: ClassState
  readonly matrix: Matrix | undefined
}

/** Something to jump to. */
export interface Mark {
  readonly at: number
  readonly is: 'help' | 'error'
  /** Id of the student who asked, or key of the group of errors. */
  readonly key: string
}

/** A replay as far as it has come, in the order of its steps. */
export interface Replay {
  readonly head: ReplayHead | undefined
  /** True once it is whole (SPEC RPL-2). */
  readonly isWhole: boolean
  /** How much of what lies before its beginning the server has gone through, 0 to 1. */
  readonly progress: number
  readonly marks: readonly Mark[]
  /** Until when it can be shown. */
  readonly until: number
  /** The newest step. */
  readonly last: Step | undefined
  /** Takes the next line. Throws SyntaxError when it is none. */
  add(line: string): void
  /** The class at a time (ms); the first step for a time before it. Undefined before the first line with a state. */
  at(time: number): Step | undefined
}

function marksOf(changes: readonly Patch[], at: number, before: ClassState): Mark[] {
  return changes.flatMap(({ help = {}, errors = {} }) => [
    ...Object.entries(help as object)
      .filter(([student, request]) => request !== null && !Object.hasOwn(before.help, student))
      .map(([key]) => ({ at, is: 'help' as const, key })),
    ...Object.entries(errors as object)
      .filter(([group, error]) => error !== null && !Object.hasOwn(before.errors, group))
      .map(([key]) => ({ at, is: 'error' as const, key })),
  ])
}

function next(step: Step, text: string): Step {
  const line = JSON.parse(text) as ReplayLine
  if (line.kind === 'changes') {
    return { ...step, at: line.at, offset: line.to, state: applyChanges(step.state, line.changes) }
  }
  return line.kind === 'matrix' ? { ...step, matrix: applyMatrix(step.matrix, line) } : step
}

/** Makes a replay over its lines (SPEC RPL-1). Steps are kept as text, which takes a fraction of what they describe. */
export function createReplay(): Replay {
  let head: ReplayHead | undefined
  let isWhole = false
  let progress = 0
  const marks: Mark[] = []
  /** Time and lines of each step; the first has none. */
  const steps: { at: number; lines: string[] }[] = []
  const keys: Step[] = []
  let last: Step | undefined
  let near: { index: number; step: Step } | undefined

  function begin(at: number, offset: number, state: ClassState): void {
    last = { at, offset, state, matrix: undefined }
    steps.push({ at, lines: [] })
    keys.push(last)
  }

  function move(text: string, line: Extract<ReplayLine, { kind: 'changes' }>): void {
    if (!last) begin(line.at, 0, emptyState())
    marks.push(...marksOf(line.changes, line.at, last?.state ?? emptyState()))
    last = last && next(last, text)
    steps.push({ at: line.at, lines: [text] })
    if (last && (steps.length - 1) % KEY_EVERY === 0) keys.push(last)
  }

  /** The matrix comes after the state of its step. */
  function moveMatrix(text: string): void {
    const step = steps.at(-1)
    if (!last || !step) return
    last = next(last, text)
    step.lines.push(text)
    near = undefined
    if ((steps.length - 1) % KEY_EVERY === 0) keys[keys.length - 1] = last
  }

  function indexAt(time: number): number {
    let [low, high] = [0, steps.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((steps[middle]?.at ?? 0) <= time) low = middle
      else high = middle - 1
    }
    return low
  }

  return {
    get head() {
      return head
    },
    get isWhole() {
      return isWhole
    },
    get progress() {
      return progress
    },
    marks,
    get until() {
      return isWhole ? (head?.to ?? 0) : (last?.at ?? 0)
    },
    get last() {
      return last
    },
    add(text) {
      const line = JSON.parse(text) as ReplayLine
      if (line.kind === 'replay') head = line
      else if (line.kind === 'progress') progress = line.done
      else if (line.kind === 'snapshot') begin(line.at, line.offset, line.state)
      else if (line.kind === 'changes') move(text, line)
      else if (line.kind === 'matrix') moveMatrix(text)
      else isWhole = true
    },
    at(time) {
      if (steps.length === 0) return undefined
      const index = indexAt(time)
      const keyAt = Math.floor(index / KEY_EVERY)
      const key = keys[keyAt]
      if (!key) return undefined
      const isNear = near && near.index <= index && near.index >= keyAt * KEY_EVERY
      let { index: from, step } = isNear && near ? near : { index: keyAt * KEY_EVERY, step: key }
      while (from < index) {
        from += 1
        for (const text of steps[from]?.lines ?? []) step = next(step, text)
      }
      near = { index, step }
      return step
    },
  }
}
