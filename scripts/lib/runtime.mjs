// Installs the pinned packages when they are missing or out of date, and continues under the repository's own Node.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { follow, mustRun, plainEnv, ROOT, run, Stop } from './process.mjs'

const NEEDED_MAJOR = 24
const OWN_NODE = join(ROOT, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

/**
 * True if `folder/node_modules` holds what `folder/package-lock.json` asks for, by npm's own record of what it installed.
 * Packages that are optional (other platforms) may be absent, but not of another version.
 * @param {string} folder
 */
export function modulesAreCurrent(folder) {
  const record = join(folder, 'node_modules', '.package-lock.json')
  if (!existsSync(record)) return false
  const wanted = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')).packages
  const present = JSON.parse(readFileSync(record, 'utf8')).packages
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true
    const found = present[path]
    if (found === undefined) return entry.optional === true || entry.devOptional === true || entry.peer === true
    return found.version === entry.version && found.link === entry.link
  })
}

/**
 * Installs what the lock file of `folder` asks for, unless it is there. An older installation is brought up to date in place, so that
 * nothing that runs from it loses its files.
 * @param {string} folder
 * @param {{ quiet?: boolean }} [options]
 */
export async function ensureModules(folder, { quiet = false } = {}) {
  if (modulesAreCurrent(folder)) return
  console.error(`Installing packages in ${folder} …`)
  const command = existsSync(join(folder, 'node_modules')) ? ['install', '--no-save'] : ['ci']
  const args = [...command, '--no-audit', '--no-fund', '--loglevel=error']
  await mustRun('The packages could not be installed; the npm registry must be reachable', 'npm', args, {
    cwd: folder,
    env: plainEnv(),
    quiet,
  })
}

const majorOf = (/** @type {string} */ version) => Number(version.replace(/^v/, '').split('.')[0])

async function ownNodeWorks() {
  if (!existsSync(OWN_NODE)) return false
  const { code, output } = await run(OWN_NODE, ['--version'], { quiet: true })
  return code === 0 && majorOf(output.trim()) >= NEEDED_MAJOR
}

/** The `node` package fetches its binary in an install script, which some npm settings block; then it is run here. */
async function ensureOwnNode() {
  if (await ownNodeWorks()) return
  const folder = join(ROOT, 'node_modules', 'node')
  if (existsSync(folder)) {
    await run(process.execPath, ['installArchSpecificPackage'], { cwd: folder, env: plainEnv(), quiet: true })
  }
  if (await ownNodeWorks()) return
  throw new Stop(
    `Lectern needs Node ${NEEDED_MAJOR} or newer. This is Node ${process.versions.node}, and the repository's own Node could ` +
      `not be installed. Install Node ${NEEDED_MAJOR}, or allow install scripts for the package "node", and run this again.`,
  )
}

/**
 * A smaller young heap than the default of 16 MiB: it is swept before the buffers of requests have piled up to a full
 * collection, which costs 20 ms. Measured: p99 of acknowledgements at 7,000 events a second 5 ms instead of 11, 40 MiB less.
 * @param {string | undefined} options
 */
function withYoungHeap(options = '') {
  return options.includes('semi-space') ? options : `${options} --max-semi-space-size=8`.trim()
}

/**
 * Makes sure that the pinned packages are installed and that this script runs on Node 24 or newer. When it must continue
 * on another Node it does so in a child, with the same arguments, and never returns.
 * @param {string} scriptUrl `import.meta.url` of the calling script
 */
export async function ensureRuntime(scriptUrl) {
  await ensureModules(ROOT)
  // What Node makes of the sources is kept: later starts strip no types, which saves time and some 25 MiB a server.
  process.env['NODE_COMPILE_CACHE'] ??= join(ROOT, '.lectern', 'compile-cache')
  process.env['NODE_OPTIONS'] = withYoungHeap(process.env['NODE_OPTIONS'])
  if (majorOf(process.versions.node) >= NEEDED_MAJOR) return
  await ensureOwnNode()
  const child = spawn(OWN_NODE, [fileURLToPath(scriptUrl), ...process.argv.slice(2)], {
    stdio: 'inherit',
    detached: true,
    env: { ...process.env, PATH: `${dirname(OWN_NODE)}${delimiter}${process.env['PATH'] ?? ''}` },
  })
  process.exit(await follow(child))
}
