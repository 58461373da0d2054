import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Measured } from './results.ts'

const BENCH = join(import.meta.dirname, '..')
const TAIL_CHARS = 400

/** What is measured, in order, with the options that keep the whole under five minutes on two cores. */
const STEPS: readonly { name: keyof Measured; args: readonly string[] }[] = [
  { name: 'start', args: ['--rounds', '5'] },
  { name: 'route', args: [] },
  { name: 'memory', args: [] },
  { name: 'classroom', args: ['--seconds', '20'] },
  { name: 'live', args: ['--seconds', '4'] },
  { name: 'ingest', args: ['--seconds', '2'] },
  { name: 'workers', args: ['--seconds', '2'] },
]

/** Runs one measurement as a process and reads the line of JSON it ends with. Throws with what it said when there is none. */
async function run(name: string, args: readonly string[], signal: AbortSignal): Promise<unknown> {
  const child = spawn(process.execPath, ['--expose-gc', join(BENCH, name, 'main.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (part: Buffer) => (out += part.toString('utf8')))
  child.stderr.on('data', (part: Buffer) => (err = (err + part.toString('utf8')).slice(-TAIL_CHARS)))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`ended with ${code}: ${err.trim()}`)
  return JSON.parse(out.trim().split('\n').at(-1) ?? '')
}

interface MeasureOptions {
  signal: AbortSignal
  /** Called before each measurement with the part that is done, 0 to 1. */
  onStep: (name: string, done: number) => void
}

/** Takes every measurement that is there, one after the other, so that none disturbs another. */
export async function measureAll({ signal, onStep }: MeasureOptions) {
  const measured: Record<string, unknown> = {}
  const failed: Record<string, string> = {}
  const steps = STEPS.filter(({ name }) => existsSync(join(BENCH, name, 'main.ts')))
  for (const [index, { name, args }] of steps.entries()) {
    onStep(name, index / steps.length)
    try {
      measured[name] = await run(name, args, signal)
    } catch (error) {
      signal.throwIfAborted()
      failed[name] = error instanceof Error ? error.message : String(error)
    }
  }
  return { measured: measured as Measured, failed }
}
