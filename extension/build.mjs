// Builds the extension's wheel into dist/: node extension/build.mjs [--if-changed]. dist/status.json says how far it is.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const HERE = dirname(fileURLToPath(import.meta.url))
const ROOT = resolve(HERE, '..')
const DIST = join(HERE, 'dist')
const STATUS = join(DIST, 'status.json')
const LABEXTENSION = join(HERE, 'lectern_jupyterlab', 'labextension')
const VENV = join(ROOT, '.lectern', 'venv-build')
const WINDOWS = process.platform === 'win32'
const VENV_PYTHON = WINDOWS ? join(VENV, 'Scripts', 'python.exe') : join(VENV, 'bin', 'python')
const OLDEST_PYTHON = [3, 9]
/** The extension must not slow down the opening of a notebook. */
const MOST_GZIPPED_BYTES = 60 * 1024

/** What the wheel is made of, from the root. */
const INPUTS = [
  'extension/src',
  'extension/schema',
  'extension/style',
  'extension/jupyter-config',
  'extension/lectern_jupyterlab/__init__.py',
  'extension/lectern_jupyterlab/handlers.py',
  'extension/lectern_jupyterlab/site.py',
  'extension/build.mjs',
  'extension/install.json',
  'extension/package.json',
  'extension/package-lock.json',
  'extension/pyproject.toml',
  'extension/tsconfig.json',
  'extension/tsconfig.build.json',
  'extension/README.md',
  'extension/LICENSE',
  'protocol/src',
  'tsconfig.base.json',
]

/** A reason to stop that needs no stack; `unavailable` when the machine lacks something. */
class Stop extends Error {
  /**
   * @param {string} message
   * @param {'unavailable' | 'failed'} state
   */
  constructor(message, state) {
    super(message)
    this.state = state
  }
}

/**
 * Runs a program and collects what it prints.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, shell?: boolean }} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
function run(command, args, { cwd = HERE, shell = false } = {}) {
  return new Promise((settle) => {
    const child = spawn(command, args, { cwd, shell, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const add = (/** @type {Buffer} */ chunk) => (output += chunk.toString())
    child.stdout.on('data', add)
    child.stderr.on('data', add)
    child.on('error', (error) => settle({ code: 127, output: error.message }))
    child.on('close', (code) => settle({ code: code ?? 1, output }))
  })
}

/**
 * @param {string} why
 * @param {'unavailable' | 'failed'} state
 * @param {Parameters<typeof run>} call
 */
async function mustRun(why, state, ...call) {
  const { code, output } = await run(...call)
  if (code !== 0) throw new Stop(`${why}:\n${output.trimEnd().split('\n').slice(-12).join('\n')}`, state)
  return output
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesOf(path) {
  if (!existsSync(path)) return []
  if (statSync(path).isFile()) return [path]
  const found = readdirSync(path, { withFileTypes: true, recursive: true })
  return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

const isSource = (/** @type {string} */ path) => !/\.(test|contract)\.ts$|src.test./.test(path)

/** One hash over every input: path and content. */
function inputsHash() {
  const hash = createHash('sha256')
  const files = INPUTS.flatMap((input) => filesOf(join(ROOT, input)))
  for (const file of files.filter(isSource).toSorted()) {
    hash.update(relative(ROOT, file)).update('\0').update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex')
}

/** @param {object} status */
function writeStatus(status) {
  mkdirSync(DIST, { recursive: true })
  // Read by a server that is running: never half a file.
  writeFileSync(`${STATUS}.new`, `${JSON.stringify(status)}\n`)
  renameSync(`${STATUS}.new`, STATUS)
}

/** The wheel of the last build, if it was made of these inputs. */
function builtBefore(/** @type {string} */ inputs) {
  try {
    const status = JSON.parse(readFileSync(STATUS, 'utf8'))
    return status.state === 'ready' && status.inputs === inputs && existsSync(join(DIST, status.wheel))
      ? String(status.wheel)
      : undefined
  } catch {
    return undefined
  }
}

const MODULES_STAMP = join(HERE, 'node_modules', '.lectern-lock')

async function installModules() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(HERE, 'package-lock.json')))
    .digest('hex')
  if (existsSync(MODULES_STAMP) && readFileSync(MODULES_STAMP, 'utf8') === wanted) return
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']
  const why = 'The packages of the extension could not be installed; the npm registry must be reachable'
  await mustRun(why, 'unavailable', 'npm', args, { shell: WINDOWS })
  writeFileSync(MODULES_STAMP, wanted)
}

async function findPython() {
  const probe = 'import sys, venv, ensurepip; print(*sys.version_info[:2])'
  for (const name of [process.env['PYTHON'], 'python3', 'python']) {
    if (!name) continue
    const { code, output } = await run(name, ['-c', probe])
    const [major = 0, minor = 0] = output.trim().split(' ').map(Number)
    if (code === 0 && (major > OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1])))
      return name
  }
  throw new Stop(
    `The wheel needs Python ${OLDEST_PYTHON.join('.')} or newer with venv and pip (on Debian: python3 python3-venv python3-pip).`,
    'unavailable',
  )
}

/** The requirement of the build backend, as pyproject.toml pins it. */
function backend() {
  const found = /requires = \["([^"]+)"\]/.exec(readFileSync(join(HERE, 'pyproject.toml'), 'utf8'))?.[1]
  if (found === undefined) throw new Stop('pyproject.toml names no build backend.', 'failed')
  return found
}

async function makeVenv() {
  const requirement = backend()
  const stamp = join(VENV, '.requirement')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === requirement) return
  const python = await findPython()
  rmSync(VENV, { recursive: true, force: true })
  mkdirSync(dirname(VENV), { recursive: true })
  await mustRun('The Python environment could not be made', 'unavailable', python, ['-m', 'venv', VENV])
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', requirement]
  const why = `${requirement} could not be installed; a Python package index must be reachable`
  await mustRun(why, 'unavailable', VENV_PYTHON, install)
  writeFileSync(stamp, requirement)
}

async function buildBundle() {
  for (const folder of ['lib', 'lectern_jupyterlab/labextension'])
    rmSync(join(HERE, folder), { recursive: true, force: true })
  const bin = (/** @type {string[]} */ ...path) => join(HERE, 'node_modules', ...path)
  const tsc = bin('typescript', 'bin', 'tsc')
  await mustRun('The sources do not compile', 'failed', process.execPath, [tsc, '-p', 'tsconfig.build.json'])
  const builder = bin('@jupyter', 'builder', 'lib', 'build-labextension.js')
  const core = bin('@jupyterlab', 'core-meta', 'core.package.json')
  await mustRun('The bundle could not be built', 'failed', process.execPath, [
    builder,
    '--core-package-file',
    core,
    HERE,
  ])
}

/** Bytes that a browser loads, gzipped. */
function bundleBytes() {
  const scripts = filesOf(join(LABEXTENSION, 'static')).filter((path) => path.endsWith('.js'))
  return scripts.reduce((sum, path) => sum + gzipSync(readFileSync(path)).byteLength, 0)
}

/** @returns {Promise<string>} the file name of the wheel */
async function buildWheel() {
  for (const name of readdirSync(DIST)) if (name.endsWith('.whl')) rmSync(join(DIST, name))
  const args = ['-m', 'hatchling', 'build', '-t', 'wheel', '-d', DIST]
  await mustRun('The wheel could not be built', 'failed', VENV_PYTHON, args)
  const wheel = readdirSync(DIST).find((name) => name.endsWith('.whl'))
  if (wheel === undefined) throw new Stop('The build left no wheel.', 'failed')
  return wheel
}

/** @param {string} inputs */
async function build(inputs) {
  writeStatus({ state: 'building' })
  await makeVenv()
  await installModules()
  await buildBundle()
  const bytes = bundleBytes()
  if (bytes > MOST_GZIPPED_BYTES) {
    throw new Stop(`The bundle has ${bytes} bytes gzipped; at most ${MOST_GZIPPED_BYTES} are allowed.`, 'failed')
  }
  const wheel = await buildWheel()
  writeStatus({ state: 'ready', wheel, inputs })
  console.error(`Bundle: ${bytes} bytes gzipped.`)
  return wheel
}

try {
  const inputs = inputsHash()
  console.log(join(DIST, builtBefore(inputs) ?? (await build(inputs))))
} catch (error) {
  const state = error instanceof Stop ? error.state : 'failed'
  const reason = error instanceof Stop ? error.message : String(error instanceof Error ? error.stack : error)
  writeStatus({ state, reason: reason.split('\n')[0] })
  console.error(reason)
  process.exitCode = 1
}
