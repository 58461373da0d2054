// npm run fuzz:api [-- --minutes 10] [--role NAME] [--seed N]: Schemathesis over the API's own document, signed in as each role.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { RIGHTS } from '@lectern/protocol'
import { startServer, type LecternServer } from '../harness/server.ts'
import { makeBed, type Asker, type Bed } from './people.ts'

const PYTHON = process.env['LECTERN_FUZZ_PYTHON'] ?? 'python3'
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
  'within_the_role',
]
/** Operations that would end the run itself, with the reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  deleteSession: 'it signs out the one who asks',
  deleteSessionListOthers: 'it ends sessions of the same account',
  deleteMe: 'it erases the one who asks; erasing others is tried',
  postSystemReport: 'it measures the machine for minutes',
  postSystemServicesNameRestart: 'a restart is no answer to the other requests',
}

interface Tally {
  readonly role: string
  readonly operations: number
  readonly cases: number
  readonly findings: number
}

interface Run {
  server: LecternServer
  bed: Bed
  seconds: number
  seed: string
}

/** What of a report is looked at. */
interface Report {
  readonly operations: { readonly tested: number }
  readonly test_cases: { readonly generated: number; readonly unique_failures: number }
  readonly errors: readonly unknown[]
}

function tallyOf(file: string, role: string): Tally {
  const { operations, test_cases: cases, errors } = JSON.parse(readFileSync(file, 'utf8')) as Report
  // An error of the tool itself must not look like nothing found.
  return {
    role,
    operations: operations.tested,
    cases: cases.generated,
    findings: cases.unique_failures + errors.length,
  }
}

/** Runs Schemathesis as one who asks; resolves with what came of it. */
async function fuzzAs(asker: Asker, { server, bed, seconds, seed }: Run): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), 'lectern-fuzz-'))
  const report = join(folder, 'report.json')
  const args = ['-m', 'schemathesis.cli', 'run', `${server.url}/api/v2/openapi.json`]
  args.push('--url', server.url, '--checks', CHECKS.join(','), '--phases', 'examples,coverage,fuzzing')
  args.push('--max-time', String(seconds), '--seed', seed, '--continue-on-failure', '--warnings', 'off')
  args.push('--report', 'json', '--report-json-path', report, '--generation-database', 'none')
  for (const operation of Object.keys(LEFT_OUT)) args.push('--exclude-operation-id', operation)
  for (const [name, value] of Object.entries(asker.headers)) args.push('--header', `${name}: ${value}`)
  const { headers: _, ...role } = asker
  const env = {
    ...process.env,
    SCHEMATHESIS_HOOKS: 'hooks',
    PYTHONPATH: import.meta.dirname,
    PYTHONDONTWRITEBYTECODE: '1',
    LECTERN_FUZZ: JSON.stringify({ ids: bed.ids, role, rights: RIGHTS }),
  }
  const child = spawn(PYTHON, args, { env, cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] })
  const code = await new Promise<number | null>((settle) => child.once('exit', settle))
  try {
    const tally = tallyOf(report, asker.name)
    return code === 0 || tally.findings > 0 ? tally : { ...tally, findings: 1 }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    role: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})
const server = await startServer()
const tallies: Tally[] = []
try {
  const bed = await makeBed(server)
  const askers = bed.askers.filter(({ name }) => values.role === undefined || name === values.role)
  if (askers.length === 0) throw new Error(`There is no role ${values.role}.`)
  const seconds = Math.max(1, Math.round((Number(values.minutes) * 60) / askers.length))
  for (const [operation, reason] of Object.entries(LEFT_OUT)) console.log(`Left out: ${operation}, ${reason}.`)
  for (const asker of askers) {
    console.log(`\n== ${asker.name}, ${seconds} s, seed ${values.seed}`)
    tallies.push(await fuzzAs(asker, { server, bed, seconds, seed: values.seed }))
  }
} finally {
  await server.stop()
}
const findings = tallies.reduce((sum, one) => sum + one.findings, 0)
console.log(JSON.stringify({ fuzz: 'api', seed: values.seed, findings, roles: tallies }))
process.exitCode = findings > 0 ? 1 : 0
