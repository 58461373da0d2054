import { parentPort, workerData } from 'node:worker_threads'
import { createClassFold } from '../live/class-fold.ts'
import type { ClassFold } from '../live/live.ts'
import type { RuleSetName } from '../live/rules.ts'
import { openLogReader } from '../store/sqlite-reader.ts'
import type { LogFiles } from '../store/store.ts'
import { compareStates, type Sample } from './shadow-compare.ts'

// The wiring file of a shadow's thread: it reads the log by a connection of its own and folds every class twice.

const READ_AT_ONCE = 500
const LOOK_EVERY_MS = 200
const MOST_SAMPLES = 20

/** What a shadow's thread is started with. */
export interface ShadowData {
  log: LogFiles
  /** Set of rules that the candidate holds whatever the log says. */
  rules: RuleSetName
  /** Module whose `createCandidate` gives another candidate; tests alone use it. */
  module?: string
}

/** A shadow's word that it lives, with all it has counted. */
export interface ShadowBeat {
  compared: number
  differing: number
  samples: Sample[]
}

interface Pair {
  current: ClassFold
  candidate: ClassFold
}

const { log: files, rules, module } = workerData as ShadowData

async function makerOf(): Promise<() => ClassFold> {
  if (module === undefined) return () => createClassFold(rules)
  const { createCandidate } = (await import(module)) as { createCandidate: () => ClassFold }
  return createCandidate
}

const createCandidate = await makerOf()
const log = openLogReader(files)
const pairs = new Map<string, Pair>()
const beat: ShadowBeat = { compared: 0, differing: 0, samples: [] }

/** Takes a class on by one part of its log; false when there was nothing. */
function follow(classId: string, top: number): boolean {
  let pair = pairs.get(classId)
  if (!pair) pairs.set(classId, (pair = { current: createClassFold(), candidate: createCandidate() }))
  const { current, candidate } = pair
  if (top < current.offset) {
    // An older log was put in its place.
    pairs.delete(classId)
    return true
  }
  const events = log.read(classId, current.offset, READ_AT_ONCE)
  if (events.length === 0) return false
  for (const fold of [current, candidate]) {
    fold.apply(events)
    fold.flush()
  }
  const found = compareStates(current.snapshot().state, candidate.snapshot().state)
  beat.compared += events.length
  beat.differing += found.length
  const samples = found.map((sample) => ({ class: classId, offset: current.offset, ...sample }))
  beat.samples = [...samples, ...beat.samples].slice(0, MOST_SAMPLES)
  return true
}

function look(): void {
  let more = false
  for (const [classId, top] of log.tops()) more = follow(classId, top) || more
  parentPort?.postMessage(beat)
  setTimeout(look, more ? 0 : LOOK_EVERY_MS)
}

look()
