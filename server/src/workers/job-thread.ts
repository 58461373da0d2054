import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { execPath } from 'node:process'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import type { MessagePort } from 'node:worker_threads'
import {
  stateHash,
  type AttentionRules,
  type LessonReport,
  type RulesOutcome,
  type StateAnswer,
  type StoredEvent,
} from '@lectern/protocol'
import { compareStates } from '../flags/shadow-compare.ts'
import { createClassFold } from '../live/class-fold.ts'
import { verify as verifyFiles, type Verdict } from '../store/files.ts'
import { createVault, ofClass } from '../keys/vault.ts'
import { openSqliteDatabase } from '../store/sqlite.ts'
import { openLogReader, type LogReader } from '../store/sqlite-reader.ts'
import type { LogFiles } from '../store/store.ts'

import { handOut } from './hand-out.ts'
import { lessonReplay } from './lesson-replay.ts'
import { createLessonCount } from './lesson-report.ts'
import { createLessonSharing, type LessonSharing } from './lesson-sharing.ts'
import { LESSON_CONTEXT } from './lesson-seal.ts'
import type { ImageResult } from './plans.ts'
import { createSpanFinder, type Span } from './lesson-span.ts'
import { createRulesTrial } from './rules-trial.ts'

// The wiring file of the job threads: what runs in one is named here, each as a function of its input.

const READ_AT_ONCE = 2_000
const TAIL_CHARS = 400
/** The measurements stand beside the server, and run as processes of their own. */
const REPORT = fileURLToPath(new URL('../../../bench/report/main.ts', import.meta.url))

interface Job<Input> {
  input: Input
  port: MessagePort
}

interface OfClass {
  log: LogFiles
  class: string
  /** Last offset to look at. */
  top: number
}

interface OfLesson extends OfClass {
  asked: Partial<Span>
}

interface LessonInput extends OfLesson {
  roster: readonly string[]
  target: string
}

interface ReplayInput extends OfClass {
  live: StateAnswer
  asked: Partial<Span>
  notebook?: string
}

/** Folds a class from its first event to `top` and compares the state with that of the live fold. */
export async function replay({ input, port }: Job<OfClass & { live: StateAnswer }>) {
  const log = openLogReader(input.log)
  try {
    const fold = createClassFold()
    while (fold.offset < input.top) {
      const events = log.read(input.class, fold.offset, Math.min(READ_AT_ONCE, input.top - fold.offset))
      if (events.length === 0) throw new Error(`The log ends at offset ${fold.offset}, before ${input.top}.`)
      fold.apply(events)
      fold.flush()
      port.postMessage(fold.offset / input.top)
    }
    const { state } = fold.snapshot()
    const hash = stateHash(state)
    const equal = hash === input.live.hash
    const [first] = equal ? [] : compareStates(input.live, state)
    return { offset: input.top, hash, equal, ...(first && { difference: first }) }
  } finally {
    log.close()
  }
}

/** Writes the events of a class up to `top` as JSON Lines, under the name only when they are all on disk. */
export async function exportClass({ input, port }: Job<OfClass & { target: string }>) {
  const log = openLogReader(input.log)
  function* lines(): Generator<string> {
    for (const events of partsOf(log, input, (offset) => port.postMessage(offset / input.top))) {
      yield events.map((event) => `${JSON.stringify(event)}\n`).join('')
    }
  }
  const part = `${input.target}.part`
  try {
    mkdirSync(dirname(input.target), { recursive: true, mode: 0o700 })
    const out = createWriteStream(part, { mode: 0o600, flush: true })
    await pipeline(Readable.from(lines()), out)
    renameSync(part, input.target)
    return { events: input.top, bytes: out.bytesWritten }
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  } finally {
    log.close()
  }
}

/** Everything of a class up to `top`, in parts; `progress` is told the offset of each part's end. */
function* partsOf(log: LogReader, { class: classId, top }: OfClass, progress: (offset: number) => void) {
  for (let offset = 0; offset < top;) {
    const events = log.read(classId, offset, Math.min(READ_AT_ONCE, top - offset))
    if (events.length === 0) throw new Error(`The log ends at offset ${offset}, before ${top}.`)
    yield events
    offset += events.length
    progress(offset)
  }
}

/** Hands out the lines of a lesson that is gone through again. */
export async function replayLesson({ input, port }: Job<ReplayInput>): Promise<void> {
  const log = openLogReader(input.log)
  try {
    const lines = lessonReplay({
      ...input,
      read: (after, limit) => log.read(input.class, after, limit),
      outline: (after, limit) => log.outline(input.class, after, limit),
    })
    await handOut(lines, port)
  } finally {
    log.close()
  }
}

interface CountsEvents {
  add(events: readonly StoredEvent[]): void
}

type Lesson = Span & { sharing: LessonSharing }

/** Finds the lesson that was asked for, and gives its log to what `counts` makes for it. */
function readLesson<Count extends CountsEvents>(
  { input, port }: Job<OfLesson>,
  counts: (lesson: Lesson) => Count,
): Count {
  const { top, asked } = input
  const log = openLogReader(input.log)
  try {
    const finder = createSpanFinder(asked)
    const sharing = createLessonSharing()
    for (const events of partsOf(log, input, (offset) => port.postMessage(offset / top / 2))) {
      finder.add(events)
      sharing.add(events)
    }
    const begin = asked.from ?? asked.to ?? 0
    const span = finder.found() ?? { from: begin, to: asked.to ?? begin }
    const count = counts({ ...span, sharing })
    for (const events of partsOf(log, input, (offset) => port.postMessage(0.5 + offset / top / 2))) count.add(events)
    return count
  } finally {
    log.close()
  }
}

function countLesson(job: Job<LessonInput>): LessonReport {
  const { class: classId, top, roster } = job.input
  return readLesson(job, (lesson) => createLessonCount({ class: classId, offset: top, roster, ...lesson })).report()
}

/** Tries rules of attention on a lesson. */
export async function rulesTrial(job: Job<OfLesson & { rules: AttentionRules[] }>): Promise<RulesOutcome> {
  const { rules } = job.input
  return readLesson(job, (lesson) => createRulesTrial({ rules, ...lesson })).outcome()
}

/** Reports on a lesson. The report is sealed with the key of the class, which is destroyed with whoever of it is erased. */
export async function lessonReport(job: Job<LessonInput>) {
  const { log, class: classId, target } = job.input
  const report = countLesson(job)
  const { keys, serverKey } = log.vault
  const vault = createVault({ database: openSqliteDatabase(keys), serverKey, random: randomBytes })
  try {
    const sealed = vault.seal(ofClass(classId), JSON.stringify(report), LESSON_CONTEXT)
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
    writeFileSync(`${target}.part`, sealed, { mode: 0o600, flush: true })
    renameSync(`${target}.part`, target)
  } finally {
    vault.close()
  }
  return { from: report.from, to: report.to, students: report.attendance.length }
}

/** Makes an uploaded picture anew; one that is refused is a result as well. The library is loaded only where it is needed. */
export async function image({ input }: Job<{ source: string; type: string; target: string }>): Promise<ImageResult> {
  const { reencode } = await import('./image.ts')
  const made = await reencode(readFileSync(input.source), input.type)
  if (!made.ok) return made
  const { bytes, ...result } = made
  writeFileSync(input.target, bytes, { mode: 0o600, flush: true })
  return result
}

/** Reads every database of the data folder and checks it. */
export async function verify({ input }: Job<{ folder: string }>): Promise<Verdict> {
  return verifyFiles(input.folder)
}

/** Measures the machine and writes the performance report into a folder. */
export async function report({ input, port }: Job<{ folder: string }>): Promise<unknown> {
  if (!existsSync(REPORT)) {
    throw new Error('This installation has no measurements (the folder bench is missing).', {
      cause: { code: 'conflict' },
    })
  }
  // Its input ends with this thread, and it with its input: a report that is given up does not measure on.
  const args = [REPORT, '--while-input', '--out', input.folder]
  const child = spawn(execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout.on('data', (part: Buffer) => (out += part.toString('utf8')))
  child.stderr.on('data', (part: Buffer) => {
    const text = part.toString('utf8')
    err = (err + text).slice(-TAIL_CHARS)
    const percent = /(\d+) %/.exec(text)?.[1]
    if (percent !== undefined) port.postMessage(Number(percent) / 100)
  })
  await once(child, 'close')
  const last = out.trim().split('\n').at(-1) ?? ''
  if (!last.startsWith('{')) throw new Error(`The measurements ended early: ${err}`)
  return JSON.parse(last)
}
