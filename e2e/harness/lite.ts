import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from './environments.ts'
import type { Jupyter } from './jupyter.ts'
import { eventually, freePort } from './ports.ts'

/** A kernel that runs in the page and loads nothing from elsewhere. */
export const JAVASCRIPT = { name: 'javascript', display_name: 'JavaScript', language: 'javascript' }

interface LiteOptions {
  readonly environment: Environment
  readonly notebooks: Readonly<Record<string, object>>
  /** Site defaults by plug-in id, as in `overrides.json`. */
  readonly overrides: Readonly<Record<string, object>>
}

/** Builds a JupyterLite site of what is installed in the environment, and serves its files. */
export async function startLite({ environment, notebooks, overrides }: LiteOptions): Promise<Jupyter> {
  const folder = mkdtempSync(join(tmpdir(), 'lectern-lite-'))
  mkdirSync(join(folder, 'files'))
  for (const [name, content] of Object.entries(notebooks))
    writeFileSync(join(folder, 'files', name), JSON.stringify(content))
  writeFileSync(join(folder, 'overrides.json'), JSON.stringify(overrides))
  const site = join(folder, 'site')
  const contents = join(folder, 'files')
  await environment.jupyter('lite', 'build', '--lite-dir', folder, '--contents', contents, '--output-dir', site)
  const port = await freePort()
  const args = ['-m', 'http.server', String(port), '--bind', '127.0.0.1', '--directory', site]
  const child = spawn(environment.python, args, { stdio: 'ignore' })
  const exited = new Promise((settle) => child.once('exit', settle))
  const url = `http://127.0.0.1:${port}/lab/index.html`
  await eventually('JupyterLite to be served', async () => ((await fetch(url)).ok ? true : undefined))
  return {
    address: (notebook) => `${url}?path=${encodeURIComponent(notebook)}`,
    // It is in the page, which says so itself.
    kernelIsIdle: async () => undefined,
    async stop() {
      child.kill('SIGTERM')
      await exited
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
