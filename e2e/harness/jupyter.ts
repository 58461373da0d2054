import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { eventually, freePort } from './ports.ts'

const PYTHON =
  process.env['LECTERN_TEST_PYTHON'] ?? join(import.meta.dirname, '..', '..', '.lectern', 'venv', 'bin', 'python')
const TOKEN = 'end-to-end'
const START_TIMEOUT_MS = 60_000
const INSTALL_TIMEOUT_MS = 90_000

/** A real JupyterLab (or Notebook 7) in folders of its own. */
export interface Jupyter {
  /** The address that opens a file in the notebook view, signed in. */
  address(notebook: string): string
  /** Resolves when a page is connected to a kernel that has nothing to do. */
  kernelIsIdle(): Promise<void>
  stop(): Promise<void>
}

/** One on this machine's own disk. */
export interface LocalJupyter extends Jupyter {
  /** Where settings lie, and what kernels write down (`JOURNAL_STARTUP`). */
  readonly settings: string
}

interface JupyterOptions {
  readonly app?: 'lab' | 'notebook'
  /** That of the environment to start; the one of most tests when missing. */
  readonly python?: string
  /** What the site sets in its environment. */
  readonly environment?: Readonly<Record<string, string>>
  /** Notebook files by name, as nbformat objects. */
  readonly notebooks: Readonly<Record<string, object>>
  /** User settings by plug-in id. */
  readonly settings: Readonly<Record<string, object>>
  /** Python that every kernel runs when it starts. */
  readonly startup?: string
  /** Files of prebuilt extensions beside the installed ones, by their path below `labextensions`. */
  readonly extensions?: Readonly<Record<string, string>>
}

/** Runs `work` while no other test that shares the environment runs its own. */
async function alone<T>(lock: string, work: () => Promise<T>): Promise<T> {
  await eventually('the Python environment', async () => mkdirSync(lock) ?? true, { timeoutMs: INSTALL_TIMEOUT_MS })
  try {
    return await work()
  } finally {
    rmSync(lock, { recursive: true })
  }
}

/**
 * Installs a wheel, as the page tells students to; not again where the same is installed, since tests that run side by side
 * share the environment. Dependencies are there already: the wheel has none but JupyterLab.
 */
export async function pipInstall(address: string): Promise<void> {
  const bytes = new Uint8Array(await (await fetch(address)).arrayBuffer())
  const wanted = createHash('sha256').update(bytes).digest('hex')
  const environment = dirname(dirname(PYTHON))
  const stamp = join(environment, '.lectern-wheel')
  const options = ['--quiet', '--disable-pip-version-check', '--force-reinstall', '--no-deps']
  // All files of a run are worked on by children of one process; what a run that was killed left is of another.
  await alone(join(tmpdir(), `lectern-installing-${process.ppid}`), async () => {
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
    await promisify(execFile)(PYTHON, ['-m', 'pip', 'install', ...options, address])
    writeFileSync(stamp, wanted)
  })
}

const PYTHON_3 = { name: 'python3', display_name: 'Python 3', language: 'python' }

/** A notebook of code cells, with stable cell ids. */
export function notebookOf(cells: Readonly<Record<string, string>>, kernelspec = PYTHON_3): object {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec, language_info: { name: kernelspec.language } },
    cells: Object.entries(cells).map(([id, source]) => ({
      id,
      cell_type: 'code',
      source,
      metadata: {},
      outputs: [],
      execution_count: null,
    })),
  }
}

function writeText(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

const write = (path: string, content: object): void => writeText(path, JSON.stringify(content))

/** The settings that keep JupyterLab from asking a network that may not be there, and from asking the person about news. */
const QUIET = { '@jupyterlab/apputils-extension:notification': { fetchNews: 'false', checkForUpdates: false } }

function settingsFile(folder: string, plugin: string): string {
  const [name = '', id = ''] = plugin.split(':')
  return join(folder, 'settings', name, `${id}.jupyterlab-settings`)
}

/** Starts a JupyterLab on a free port; resolves when it answers. */
export async function startJupyter(options: JupyterOptions): Promise<LocalJupyter> {
  const { app = 'lab', python = PYTHON, environment = {}, notebooks, settings, startup, extensions = {} } = options
  const folder = mkdtempSync(join(tmpdir(), 'lectern-jupyter-'))
  for (const [name, content] of Object.entries(notebooks)) write(join(folder, 'work', name), content)
  for (const [plugin, content] of Object.entries({ ...QUIET, ...settings }))
    write(settingsFile(folder, plugin), content)
  if (startup !== undefined) writeText(join(folder, 'ipython', 'profile_default', 'startup', '00-test.py'), startup)
  for (const [path, text] of Object.entries(extensions)) writeText(join(folder, 'data', 'labextensions', path), text)
  const port = await freePort()
  const env = {
    ...process.env,
    ...environment,
    JUPYTER_CONFIG_DIR: join(folder, 'config'),
    JUPYTER_DATA_DIR: join(folder, 'data'),
    JUPYTER_RUNTIME_DIR: join(folder, 'runtime'),
    JUPYTERLAB_SETTINGS_DIR: join(folder, 'settings'),
    JUPYTERLAB_WORKSPACES_DIR: join(folder, 'workspaces'),
    IPYTHONDIR: join(folder, 'ipython'),
  }
  const args = [
    '--no-browser',
    '--allow-root',
    `--ServerApp.port=${port}`,
    '--ServerApp.port_retries=0',
    `--ServerApp.root_dir=${join(folder, 'work')}`,
    `--IdentityProvider.token=${TOKEN}`,
    '--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate',
    '--LabApp.expose_app_in_browser=True',
    // A kernel that has just been restarted may miss the question; asking for a minute would stop the page for as long.
    '--MappingKernelManager.kernel_info_timeout=10',
  ]
  const child = spawn(python, ['-m', app === 'lab' ? 'jupyterlab' : 'notebook', ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-20_000)))
  const exited = new Promise((settle) => child.once('exit', settle))
  const stop = async () => {
    child.kill('SIGTERM')
    await exited
    rmSync(folder, { recursive: true, force: true })
  }
  const isUp = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/status?token=${TOKEN}`)
    return answer.ok ? true : undefined
  }
  try {
    await eventually('JupyterLab to answer', isUp, { timeoutMs: START_TIMEOUT_MS })
  } catch (error) {
    await stop()
    throw new Error(`JupyterLab did not start:\n${said}`, { cause: error })
  }
  const idle = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/kernels?token=${TOKEN}`)
    const kernels = (await answer.json()) as { execution_state: string; connections: number }[]
    return kernels.some((kernel) => kernel.execution_state === 'idle' && kernel.connections > 0) ? true : undefined
  }
  const view = app === 'lab' ? 'lab/tree' : 'notebooks'
  return {
    address: (notebook) => `http://127.0.0.1:${port}/${view}/${notebook}?token=${TOKEN}`,
    settings: join(folder, 'settings'),
    kernelIsIdle: async () => void (await eventually('an idle kernel', idle, { timeoutMs: START_TIMEOUT_MS })),
    stop,
  }
}
