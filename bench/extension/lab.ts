import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const ROOT = join(import.meta.dirname, '..', '..')
const PYTHON = process.env['LECTERN_TEST_PYTHON'] ?? join(ROOT, '.lectern', 'venv', 'bin', 'python')
const BUILT = join(ROOT, 'extension', 'lectern_jupyterlab', 'labextension')
const EXTENSION = '@lectern/jupyterlab'
const TOKEN = 'measurements'
const START_TIMEOUT_MS = 60_000

/** Folder of the scripts that a browser loads. */
export const SCRIPTS = join(BUILT, 'static')

/** A JupyterLab of the measurement's own. */
export interface Lab extends AsyncDisposable {
  /** Address of the notebook, signed in. */
  readonly address: string
}

interface LabOptions {
  /** Settings of the extension; undefined leaves it out. */
  readonly settings?: Readonly<Record<string, string>>
  readonly cells: number
}

function write(path: string, content: object): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, JSON.stringify(content))
}

function prepare(folder: string, { settings, cells }: LabOptions): void {
  const kernelspec = { name: 'python3', display_name: 'Python 3', language: 'python' }
  const cell = (_: unknown, index: number) => ({
    id: `cell-${index}`,
    cell_type: 'code',
    source: `${index}`,
    metadata: {},
    outputs: [],
    execution_count: null,
  })
  const notebook = { nbformat: 4, nbformat_minor: 5, metadata: { kernelspec } }
  write(join(folder, 'work', 'measured.ipynb'), { ...notebook, cells: Array.from({ length: cells }, cell) })
  const settingsOf = (plugin: string) => join(folder, 'settings', `${plugin.replace(':', '/')}.jupyterlab-settings`)
  const quiet = { fetchNews: 'false', checkForUpdates: false }
  write(settingsOf('@jupyterlab/apputils-extension:notification'), quiet)
  // Saving is not what is measured.
  write(settingsOf('@jupyterlab/docmanager-extension:plugin'), { autosave: false })
  if (settings) {
    write(settingsOf(`${EXTENSION}:plugin`), settings)
    cpSync(BUILT, join(folder, 'data', 'labextensions', ...EXTENSION.split('/')), { recursive: true })
  } else write(join(folder, 'config', 'labconfig', 'page_config.json'), { disabledExtensions: { [EXTENSION]: true } })
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await once(probe.listen(0, '127.0.0.1'), 'listening')
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}

/** Starts a JupyterLab with the extension as it was built last, or without it. Throws when Python or the build are missing. */
export async function startLab(options: LabOptions): Promise<Lab> {
  if (!existsSync(PYTHON) || !existsSync(SCRIPTS)) {
    throw new Error('JupyterLab or the extension are not there: run "npm test" and "npm run build:extension" once.')
  }
  const folder = mkdtempSync(join(tmpdir(), 'lectern-lab-'))
  prepare(folder, options)
  const port = await freePort()
  const env = {
    ...process.env,
    JUPYTER_CONFIG_DIR: join(folder, 'config'),
    JUPYTER_DATA_DIR: join(folder, 'data'),
    JUPYTER_RUNTIME_DIR: join(folder, 'runtime'),
    JUPYTERLAB_SETTINGS_DIR: join(folder, 'settings'),
    JUPYTERLAB_WORKSPACES_DIR: join(folder, 'workspaces'),
    IPYTHONDIR: join(folder, 'ipython'),
  }
  const args = [
    '-m',
    'jupyterlab',
    '--no-browser',
    '--allow-root',
    `--ServerApp.port=${port}`,
    '--ServerApp.port_retries=0',
    `--ServerApp.root_dir=${join(folder, 'work')}`,
    `--IdentityProvider.token=${TOKEN}`,
    '--LabApp.expose_app_in_browser=True',
  ]
  const child = spawn(PYTHON, args, { cwd: folder, env, stdio: 'ignore' })
  const stop = async () => {
    child.kill('SIGTERM')
    if (child.exitCode === null) await once(child, 'exit')
    rmSync(folder, { recursive: true, force: true })
  }
  for (const until = performance.now() + START_TIMEOUT_MS; ; await wait(100)) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/status?token=${TOKEN}`).catch(() => undefined)
    if (answer?.ok) break
    if (performance.now() < until) continue
    await stop()
    throw new Error('JupyterLab did not start.')
  }
  return {
    address: `http://127.0.0.1:${port}/lab/tree/measured.ipynb?token=${TOKEN}`,
    [Symbol.asyncDispose]: stop,
  }
}
