// What is built from the sources: the dashboard and the extension's wheel. Built again only when an input has changed.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { mustRun, ROOT } from './process.mjs'

const SKIPPED = new Set(['node_modules', 'dist', '.build', 'test'])

/**
 * Files under `path`, sorted, so that two machines hash alike.
 * @param {string} path
 * @returns {string[]}
 */
function filesUnder(path) {
  if (!existsSync(path)) return []
  if (statSync(path).isFile()) return [path]
  const names = readdirSync(path).filter((name) => !SKIPPED.has(name) && !name.includes('.test.'))
  return names.toSorted().flatMap((name) => filesUnder(join(path, name)))
}

/**
 * SHA-256 over the names and contents of every file under `paths`, in hexadecimal.
 * @param {readonly string[]} paths from the root
 */
export function hashOf(paths) {
  const hash = createHash('sha256')
  for (const file of paths.flatMap((path) => filesUnder(join(ROOT, path)))) {
    hash
      .update(`${relative(ROOT, file)}\0`)
      .update(readFileSync(file))
      .update('\0')
  }
  return hash.digest('hex')
}

/**
 * Builds the dashboard into `dashboard/dist`, unless it was built from the same inputs.
 * @param {{ force?: boolean }} [options]
 * @returns {Promise<boolean>} true if it was built now
 */
export async function buildDashboard({ force = false } = {}) {
  const inputs = hashOf([
    'dashboard',
    'protocol/src',
    'protocol/package.json',
    'package-lock.json',
    'tsconfig.base.json',
  ])
  const stamp = join(ROOT, 'dashboard', 'dist', '.inputs')
  if (!force && existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs) return false
  console.error('Building the dashboard …')
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js')
  await mustRun('The dashboard could not be built', process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: join(ROOT, 'dashboard'),
    quiet: true,
  })
  mkdirSync(join(ROOT, 'dashboard', 'dist'), { recursive: true })
  writeFileSync(stamp, inputs)
  return true
}
