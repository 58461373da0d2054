import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const PACKAGE = 'lectern_jupyterlab'
const run = promisify(execFile)
const TRACES = [
  'share/jupyter/labextensions/@lectern/jupyterlab',
  `etc/jupyter/jupyter_server_config.d/${PACKAGE}.json`,
]

/** A Python environment that knows nothing of Lectern until it is installed there. */
export interface Environment {
  readonly python: string
  /** Files by which Jupyter knows of the extension. */
  traces(): string[]
  /** Installs a wheel with pip, as the page tells students to; what it needs must be there. */
  install(address: string): Promise<void>
  /** What `jupyter …` prints, without colours. */
  jupyter(...args: readonly string[]): Promise<string>
}

/** The environment that the tests' set-up made of `e2e/install/NAME.txt`, as it was then. */
export async function freshEnvironment(name: 'oldest' | 'newest' | 'lite'): Promise<Environment> {
  const folder = join(import.meta.dirname, '..', '..', '.lectern', `venv-${name}`)
  const bin = join(folder, 'bin')
  const python = join(bin, 'python')
  const pip = async (...args: readonly string[]) => run(python, ['-m', 'pip', '--disable-pip-version-check', ...args])
  await pip('uninstall', '--quiet', '--yes', PACKAGE)
  return {
    python,
    traces: () => TRACES.filter((path) => existsSync(join(folder, path))),
    install: async (address) => {
      await pip('install', '--quiet', '--no-index', '--no-cache-dir', address)
      await pip('check')
    },
    async jupyter(...args) {
      const config = mkdtempSync(join(tmpdir(), 'lectern-config-'))
      const env = { ...process.env, JUPYTER_CONFIG_DIR: config, JUPYTER_DATA_DIR: config, NO_COLOR: '1' }
      const { stdout, stderr } = await run(join(bin, 'jupyter'), args, { cwd: config, env, maxBuffer: 4 * 1024 * 1024 })
      rmSync(config, { recursive: true })
      // oxlint-disable-next-line no-control-regex
      return `${stdout}\n${stderr}`.replaceAll(/\u001B\[\d*m/g, '')
    },
  }
}
