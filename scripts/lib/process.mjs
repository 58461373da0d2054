// Child processes for the scripts of the root. Node 20 and its built-ins only: this runs before anything is installed.
import { spawn } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root folder. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** A failure whose message is all that a person needs; printed without a stack. */
export class Stop extends Error {}

/**
 * Exit code of an ended child, as a shell would give it (128 + signal number).
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
export function exitCode(code, signal) {
  return signal === null ? (code ?? 1) : 128 + (constants.signals[signal] ?? 0)
}

/**
 * Runs a command to its end. Never rejects for a failing command; a command that is not there gives code 127.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, quiet?: boolean, capture?: boolean, timeoutMs?: number }} [options]
 *   `quiet` keeps the output and gives it back instead of showing it; `capture` does both
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, options = {}) {
  const { cwd = ROOT, env = process.env, quiet = false, capture = false, timeoutMs } = options
  const piped = quiet || capture
  return new Promise((settle) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: piped ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      timeout: timeoutMs,
    })
    let output = ''
    const take = (/** @type {NodeJS.WriteStream} */ shown) => (/** @type {Buffer} */ chunk) => {
      output += chunk.toString()
      if (!quiet) shown.write(chunk)
    }
    child.stdout?.on('data', take(process.stdout))
    child.stderr?.on('data', take(process.stderr))
    child.on('error', (error) => settle({ code: 127, output: `${output}${error.message}` }))
    child.on('close', (code, signal) => settle({ code: exitCode(code, signal), output }))
  })
}

/**
 * Like `run`, but a failing command stops the script with `sentence` and the command's output.
 * @param {string} sentence what could not be done
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export async function mustRun(sentence, command, args, options) {
  const { code, output } = await run(command, args, options)
  if (code === 0) return output
  const shown = options?.quiet ? `\n${output.trimEnd().split('\n').slice(-40).join('\n')}` : ''
  throw new Stop(`${sentence} (\`${[command, ...args].join(' ')}\` ended with ${code}).${shown}`)
}

/**
 * The environment without this repository's `node_modules/.bin` on the path, so that npm, which may replace those files
 * while it runs, runs on the machine's own Node.
 */
export function plainEnv() {
  const path = (process.env['PATH'] ?? '').split(delimiter)
  const kept = path.filter((entry) => entry !== '' && !entry.endsWith(join('node_modules', '.bin')))
  return { ...process.env, PATH: kept.join(delimiter) }
}

/** npm and the terminal both deliver the same Ctrl-C; within this time it counts as one. */
const SAME_SIGNAL_MS = 500

/**
 * Runs a child in the foreground: passes the terminal's and the supervisor's signals on, each once, and gives its exit code.
 * The child should be started with `detached`, so that the terminal does not reach it by itself.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>}
 */
export function follow(child) {
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])
  let last = { signal: '', at: Number.NEGATIVE_INFINITY }
  const pass = (/** @type {NodeJS.Signals} */ signal) => {
    const at = performance.now()
    if (signal !== last.signal || at - last.at > SAME_SIGNAL_MS) child.kill(signal)
    last = { signal, at }
  }
  for (const signal of signals) process.on(signal, pass)
  return new Promise((settle, fail) => {
    child.on('error', fail)
    child.on('exit', (code, signal) => {
      for (const name of signals) process.off(name, pass)
      settle(exitCode(code, signal))
    })
  })
}

/**
 * Starts a helper in the background, with a group of its own and low priority; gives the function that ends it with all its children.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, stdio?: import('node:child_process').StdioOptions, background?: boolean }} [options]
 * @returns {() => void}
 */
export function startHelper(command, args, { env = process.env, stdio = 'ignore', background = false } = {}) {
  const child = spawn(command, args, { cwd: ROOT, env, stdio, detached: true })
  let running = true
  child.on('exit', () => (running = false))
  child.on('error', () => (running = false))
  if (background && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL)
  return () => {
    if (!running || child.pid === undefined) return
    running = false
    try {
      process.kill(-child.pid, 'SIGTERM')
    } catch {
      // It ended between the look and the kill.
    }
  }
}

/**
 * Runs a script's main function; a `Stop` is shown as its sentence alone.
 * @param {() => Promise<number>} script gives the exit code
 */
export async function main(script) {
  try {
    process.exitCode = await script()
  } catch (error) {
    console.error(error instanceof Stop ? error.message : error)
    process.exitCode = 1
  }
}
