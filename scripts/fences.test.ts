import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..')

/** A planted fault, the clean twin that says the same without it, and what the fence must answer. */
interface Planted {
  readonly fence: string
  readonly file: string
  readonly fault: string
  readonly twin: string | { readonly file: string }
  readonly reason: string
}

const SQLITE = "import { DatabaseSync } from 'node:sqlite'\nexport const open = () => new DatabaseSync(':memory:')\n"
const PG = "import pg from 'pg'\nexport const open = () => new pg.Pool()\n"

const PLANTED: readonly Planted[] = [
  {
    fence: 'sqlite',
    file: 'server/src/ingest/fault.ts',
    fault: SQLITE,
    twin: { file: 'server/src/store/sqlite.ts' },
    reason: 'only the files server/src/store/sqlite',
  },
  {
    fence: 'sqlite',
    file: 'server/src/auth/required.ts',
    fault: "export const s = process.getBuiltinModule('node:sqlite')\n",
    twin: "export const s = process.getBuiltinModule('node:fs')\n",
    reason: 'only the files server/src/store/sqlite',
  },
  {
    fence: 'sqlite',
    file: 'server/src/auth/later.ts',
    fault: "export const load = () => import('node:sqlite')\n",
    twin: "export const load = () => import('node:fs')\n",
    reason: 'only the files server/src/store/sqlite',
  },
  {
    fence: 'pg',
    file: 'server/src/http/fault.ts',
    fault: PG,
    twin: { file: 'server/src/store/postgres.ts' },
    reason: 'only store/postgres.ts and bus/postgres.ts',
  },
  {
    fence: 'pg',
    file: 'server/src/live/fault.ts',
    fault: PG,
    twin: { file: 'server/src/bus/postgres.ts' },
    reason: 'only store/postgres.ts and bus/postgres.ts',
  },
  {
    fence: 'environment',
    file: 'server/src/hub/fault.ts',
    fault: "export const port = process.env['LECTERN_PORT']\n",
    twin: { file: 'server/src/config.ts' },
    reason: 'only config.ts reads the environment',
  },
  {
    fence: 'environment',
    file: 'server/src/hub/taken.ts',
    fault: 'export const { env } = process\n',
    twin: 'export const { pid } = process\n',
    reason: 'only config.ts reads the environment',
  },
  {
    fence: 'environment',
    file: 'server/src/hub/named.ts',
    fault: "import { env } from 'node:process'\nexport const home = env['HOME']\n",
    twin: "import { pid } from 'node:process'\nexport const home = pid\n",
    reason: 'only config.ts reads the environment',
  },
  {
    fence: 'wire',
    file: 'protocol/src/fault.ts',
    fault: "import { readFileSync } from 'node:fs'\nexport const read = readFileSync\n",
    twin: "import { Type } from 'typebox'\nexport const text = Type.String()\n",
    reason: 'nothing but typebox',
  },
  {
    fence: 'wire',
    file: 'protocol/src/package.ts',
    fault: "import ws from 'ws'\nexport const socket = ws\n",
    twin: "import { limit } from './limits.ts'\nexport const socket = limit\n",
    reason: 'nothing but typebox',
  },
  {
    fence: 'room protocol',
    file: 'protocol/src/room.ts',
    fault: "export type { App } from '../../server/src/app.ts'\n",
    twin: "export type { App } from './app.ts'\n",
    reason: 'the wire knows no other room',
  },
  {
    fence: 'room server',
    file: 'server/src/http/room.ts',
    fault: "import { start } from '@lectern/simulator'\nexport const go = start\n",
    twin: "import { start } from '@lectern/protocol'\nexport const go = start\n",
    reason: 'the server meets its clients on the wire alone',
  },
  {
    fence: 'room server',
    file: 'server/test/room.test.ts',
    fault: "import { view } from '../../dashboard/src/view.ts'\nexport const shown = view\n",
    twin: "import { view } from '../../protocol/src/view.ts'\nexport const shown = view\n",
    reason: 'the server meets its clients on the wire alone',
  },
  {
    fence: 'room dashboard',
    file: 'dashboard/src/room.ts',
    fault: "import { app } from '../../server/src/app.ts'\nexport const it = app\n",
    twin: "import { app } from '@lectern/protocol'\nexport const it = app\n",
    reason: 'the page meets the server on the wire alone',
  },
  {
    fence: 'room simulator',
    file: 'simulator/src/room.ts',
    fault: "import { app } from '@lectern/server'\nexport const it = app\n",
    twin: "import { app } from '@lectern/protocol'\nexport const it = app\n",
    reason: 'a second client written against SPEC.md',
  },
  {
    fence: 'room extension',
    file: 'extension/src/room.ts',
    fault: "import { app } from '../../dashboard/src/app.ts'\nexport const it = app\n",
    twin: "import { app } from '../../protocol/src/index.ts'\nexport const it = app\n",
    reason: 'bundled for a browser',
  },
  {
    fence: 'room e2e',
    file: 'e2e/room.ts',
    fault: "import { app } from '../server/src/app.ts'\nexport const it = app\n",
    twin: "import { app } from '@lectern/protocol'\nexport const it = app\n",
    reason: 'reach the rest by process or browser',
  },
  {
    fence: 'room bench',
    file: 'bench/live/room.ts',
    fault: "import { app } from '../../dashboard/src/app.ts'\nexport const it = app\n",
    twin: "import { app } from '../../server/src/app.ts'\nexport const it = app\n",
    reason: 'named parts of server',
  },
  {
    fence: 'room scripts',
    file: 'scripts/room.mjs',
    fault: "import { app } from '../server/src/app.ts'\nexport const it = app\n",
    twin: "import { app } from './app.mjs'\nexport const it = app\n",
    reason: 'scripts run before anything is installed',
  },
  {
    fence: 'concrete',
    file: 'server/src/http/concrete.ts',
    fault: "import { createStore } from '../store/sqlite.ts'\nexport const make = createStore\n",
    twin: "import type { Store } from '../store/store.ts'\nexport type Kept = Store\n",
    reason: 'only app.ts, and the first file of each thread, pick a concrete store or bus',
  },
  {
    fence: 'concrete',
    file: 'server/src/hub/concrete.ts',
    fault: "import { createBus } from '../bus/memory.ts'\nexport const make = createBus\n",
    twin: { file: 'server/src/log/thread.ts' },
    reason: 'only app.ts, and the first file of each thread, pick a concrete store or bus',
  },
  {
    fence: 'v1',
    file: 'server/src/http/old.ts',
    fault: "import { adapter } from '../v1/adapter.ts'\nexport const old = adapter\n",
    twin: { file: 'server/src/app.ts' },
    reason: 'nothing imports v1/ but app.ts',
  },
  {
    fence: 'browser',
    file: 'dashboard/src/node.ts',
    fault: "import { join } from 'node:path'\nexport const path = join\n",
    twin: "import { join } from './path.ts'\nexport const path = join\n",
    reason: 'runs in a browser',
  },
  {
    fence: 'programs',
    file: 'server/src/http/commands.ts',
    fault: "import { exec } from 'node:child_process'\nexport const run = (text: string) => exec(text)\n",
    twin: { file: 'server/src/workers/job-thread.ts' },
    reason: 'no text of a request can become a command',
  },
]

/** oxlint's findings about one file. */
interface Finding {
  readonly filename: string
  /** The rule; absent when the file could not be parsed. */
  readonly code?: string
  readonly message: string
}

/** Lints a folder with the repository's own configuration and plug-in; types are left out, for the folder has none. */
async function lint(folder: string): Promise<readonly Finding[]> {
  const oxlint = join(ROOT, 'node_modules', 'oxlint', 'bin', 'oxlint')
  const output = await new Promise<string>((settle) => {
    execFile(process.execPath, [oxlint, '--format=json'], { cwd: folder, maxBuffer: 1 << 26 }, (_error, stdout) =>
      settle(stdout),
    )
  })
  const findings = JSON.parse(output) as { diagnostics: Finding[] }
  return findings.diagnostics.filter((finding) => finding.code === undefined || finding.message.startsWith('Fence ('))
}

function plant(folder: string, files: ReadonlyMap<string, string>): void {
  mkdirSync(join(folder, 'scripts'), { recursive: true })
  cpSync(join(ROOT, 'scripts', 'fences.mjs'), join(folder, 'scripts', 'fences.mjs'))
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  const config = JSON.parse(readFileSync(join(ROOT, '.oxlintrc.json'), 'utf8')) as { options: { typeAware: boolean } }
  config.options.typeAware = false
  writeFileSync(join(folder, '.oxlintrc.json'), JSON.stringify(config))
  for (const [file, source] of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), source)
  }
}

describe('fences', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lectern-fences-'))
  const faulty = join(folder, 'faulty')
  const clean = join(folder, 'clean')
  let found: readonly Finding[] = []
  let foundClean: readonly Finding[] = []

  beforeAll(async () => {
    plant(faulty, new Map(PLANTED.map(({ file, fault }) => [file, fault])))
    const twins = new Map<string, string>()
    for (const { file, fault, twin } of PLANTED) {
      const [path, source] = typeof twin === 'string' ? [file, twin] : [twin.file, fault]
      twins.set(path, (twins.get(path) ?? '') + source)
    }
    plant(clean, twins)
    found = await lint(faulty)
    foundClean = await lint(clean)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it.each(PLANTED)('fence "$fence" stops the fault in $file and says why', ({ fence, file, reason }) => {
    const messages = found.filter((finding) => finding.filename === file).map((finding) => finding.message)
    expect(messages).toContainEqual(expect.stringContaining(`Fence (${fence})`))
    expect(messages.join('\n')).toContain(reason)
  })

  it('lets every clean twin pass', () => {
    expect(foundClean).toEqual([])
  })
})
