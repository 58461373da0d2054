import { randomUUID } from 'node:crypto'
import { openPostLine, type Line } from '../ingest/lines.ts'
import { installOf, type MeasuredServer } from '../lib/server.ts'

/** Events in one post of a student. */
const POST = 20
/** Connections that the posts of all students share. */
const LINES = 64
const TICK_MS = 4
const ANSWERED_WITHIN_MS = 1_000

const NOTEBOOKS = ['python-basics', 'pandas', 'plotting'] as const
const ERRORS = ['NameError', 'TypeError', 'KeyError', 'ValueError', 'IndexError', 'AttributeError'] as const
const CELLS = 30

/** A class at work. */
export interface ClassLoad {
  /** Offset up to which everything was acknowledged, and when (ms since the epoch), for each post. */
  readonly acknowledged: readonly { readonly offset: number; readonly at: number }[]
  stop(): Promise<void>
}

interface Student {
  readonly number: number
  readonly line: Line
  seq: number
}

/** Deterministic, so that two measurements see the same class. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

function dataOf(random: () => number, isOk: boolean): object {
  const common = {
    durationMs: Math.floor(random() * 400),
    executionCount: 3,
    source: 'total = price * count\nprint(total)',
  }
  if (isOk) return { ...common, status: 'ok' }
  const errorName = ERRORS[Math.floor(random() * ERRORS.length)]
  return { ...common, status: 'error', errorName, errorMessage: `name 'totl' is not defined` }
}

/** One post of a student: runs in a cell or the next, a third of which fail; now and then somebody asks for help or is helped. */
function postOf(student: Student, random: () => number): Buffer {
  const at = new Date().toISOString()
  const notebook = NOTEBOOKS[student.number % NOTEBOOKS.length] ?? NOTEBOOKS[0]
  const failing = random() < 0.3
  const first = Math.floor(random() * (CELLS - 1))
  const events = Array.from({ length: POST }, (_, n) => {
    student.seq += 1
    const index = first + (n > POST / 2 ? 1 : 0)
    const place = {
      notebook: { id: notebook, path: `${notebook}.ipynb` },
      cell: { id: `c${index}`, index, type: 'code' },
    }
    const event = { id: randomUUID(), install: installOf(student.number), seq: student.seq, at, ...place }
    if (n === POST - 1 && student.number % 50 === 0) {
      const type = random() < 0.5 ? 'help_requested' : 'help_withdrawn'
      return { ...event, type, data: type === 'help_requested' ? { message: 'I do not understand this error.' } : {} }
    }
    return { ...event, type: 'cell_executed', data: dataOf(random, !failing || random() < 0.3) }
  })
  return Buffer.from(JSON.stringify({ events }))
}

/** Lets `students` work at `rate` events a second together, whatever the server needs for them. */
export async function startClass(server: MeasuredServer, students: number, rate: number): Promise<ClassLoad> {
  const joined = await server.join(students)
  const random = createRandom(7)
  const acknowledged: { offset: number; at: number }[] = []
  const everyone = await Promise.all(
    joined.map(async ({ token }, number) => ({ number, seq: 0, line: await openPostLine(server.port, token) })),
  )
  let offset = 0
  let under = 0
  const began = performance.now()
  let made = 0
  const tick = () => {
    const due = ((performance.now() - began) / 1000) * (rate / POST)
    for (; made < due && under < LINES; made += 1) {
      const student = everyone[(made * 617) % everyone.length]
      if (!student) return
      under += 1
      const bytes = postOf(student, random)
      student.line.send({ bytes, renew: () => undefined }, (ok) => {
        under -= 1
        if (!ok) throw new Error('A post was refused.')
        offset += POST
        acknowledged.push({ offset, at: performance.timeOrigin + performance.now() })
      })
    }
  }
  const timer = setInterval(tick, TICK_MS)
  return {
    acknowledged,
    async stop() {
      clearInterval(timer)
      // What is under way gets its answer.
      await new Promise((settle) => setTimeout(settle, ANSWERED_WITHIN_MS))
      for (const { line } of everyone) line.close()
    },
  }
}
