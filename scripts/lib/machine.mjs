// What the tests need from the machine beside Node: a Chromium and a Python with JupyterLab. Installed when missing, where that is possible.
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { ROOT, run } from './process.mjs'

/**
 * A thing that was made ready, or the reason why it could not be.
 * @template T
 * @typedef {{ ok: true, value: T } | { ok: false, reason: string }} Ready
 */

/** The Python environment of the tests. */
export const VENV = join(ROOT, '.lectern', 'venv')
const REQUIREMENTS = join(ROOT, 'e2e', 'requirements.txt')
const OLDEST_PYTHON = [3, 11]

/**
 * The path of the first of `names` that is a program on the path.
 * @param {readonly string[]} names
 * @returns {string | undefined}
 */
function programOf(names) {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  for (const path of names.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {
      continue
    }
  }
  return undefined
}

/** @param {string} output */
const lastLines = (output) => output.trimEnd().split('\n').slice(-3).join(' ')

/**
 * @param {readonly string[]} packages
 * @returns {Promise<string | undefined>} why not, or undefined when they are installed
 */
async function installDebian(packages) {
  const named = packages.join(', ')
  if (programOf(['apt-get']) === undefined)
    return `${named} missing, and this machine has no apt-get to install it with`
  if (process.getuid?.() !== 0) return `${named} missing, and only root can install it`
  console.error(`Installing ${named} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update', '-q'], { env, quiet: true })
  const { code, output } = await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], {
    env,
    quiet: true,
  })
  return code === 0 ? undefined : `${named} could not be installed: ${lastLines(output)}`
}

const findChromium = () =>
  process.env['LECTERN_TEST_CHROMIUM'] ?? programOf(['chromium', 'chromium-browser', 'google-chrome'])

/**
 * A Chromium for the browser tests: `LECTERN_TEST_CHROMIUM`, one on the path, or Debian's package.
 * @returns {Promise<Ready<string>>} its path
 */
export async function readyChromium() {
  const reason = findChromium() === undefined ? await installDebian(['chromium']) : undefined
  const found = findChromium()
  return found === undefined ? { ok: false, reason: reason ?? 'Chromium missing' } : { ok: true, value: found }
}

async function findPython() {
  const python = programOf(['python3', 'python'])
  if (python === undefined) return undefined
  const probe = 'import sys, venv, ensurepip; print(*sys.version_info[:2])'
  const { code, output } = await run(python, ['-c', probe], { quiet: true })
  const [major = 0, minor = 0] = output.trim().split(' ').map(Number)
  const newEnough = major > (OLDEST_PYTHON[0] ?? 0) || minor >= (OLDEST_PYTHON[1] ?? 0)
  return code === 0 && newEnough ? python : undefined
}

/**
 * A Python environment with the pinned JupyterLab in `.lectern/venv`, made again when `e2e/requirements.txt` changes.
 * @returns {Promise<Ready<string>>} the path of its Python
 */
export const readyVenv = () => readyPython({ folder: VENV, requirements: REQUIREMENTS, what: 'JupyterLab' })

/** What the extension is installed into, each in an environment of its own: `e2e/install/NAME.txt` in `.lectern/venv-NAME`. */
const INSTALLS = { oldest: 'the oldest JupyterLab', newest: 'the newest JupyterLab', lite: 'JupyterLite' }

/**
 * Python environments with the oldest and newest JupyterLab and Notebook that are supported, and with JupyterLite; made at the same time.
 * @returns {Promise<Ready<string>>} the path of the last one's Python
 */
export async function readyInstalls() {
  const ready = await Promise.all(
    Object.entries(INSTALLS).map(([name, what]) => {
      const requirements = join(ROOT, 'e2e', 'install', `${name}.txt`)
      return readyPython({ folder: join(ROOT, '.lectern', `venv-${name}`), requirements, what })
    }),
  )
  return ready.find(({ ok }) => !ok) ?? ready.at(-1) ?? { ok: false, reason: 'nothing to install into' }
}

/**
 * A Python environment with the pinned Schemathesis, of its own: nothing else needs it.
 * @returns {Promise<Ready<string>>} the path of its Python
 */
export const readyFuzzer = () =>
  readyPython({
    folder: join(ROOT, '.lectern', 'venv-fuzz'),
    requirements: join(ROOT, 'e2e', 'fuzz', 'requirements.txt'),
    what: 'Schemathesis',
  })

/**
 * A Python environment in a folder, made again when the file of what it holds changes.
 * @param {{ folder: string, requirements: string, what: string }} wanted
 * @returns {Promise<Ready<string>>} the path of its Python
 */
async function readyPython({ folder, requirements, what }) {
  const python = join(folder, 'bin', 'python')
  const stamp = join(folder, '.requirements')
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return { ok: true, value: python }
  const missing =
    (await findPython()) === undefined ? await installDebian(['python3', 'python3-venv', 'python3-pip']) : undefined
  const base = await findPython()
  if (base === undefined)
    return { ok: false, reason: missing ?? `Python ${OLDEST_PYTHON.join('.')} or newer with venv missing` }
  console.error(`Installing ${what} …`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(dirname(folder), { recursive: true })
  const made = await run(base, ['-m', 'venv', folder], { quiet: true })
  if (made.code !== 0)
    return { ok: false, reason: `the Python environment could not be made: ${lastLines(made.output)}` }
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]
  const installed = await run(python, install, { quiet: true })
  if (installed.code !== 0)
    return { ok: false, reason: `${what} could not be installed: ${lastLines(installed.output)}` }
  writeFileSync(stamp, wanted)
  return { ok: true, value: python }
}
