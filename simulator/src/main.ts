import { readArgs, USAGE, UsageError } from './args.ts'
import { simulate } from './run.ts'

const USAGE_EXIT = 2

/** A line of progress: over the last one on a terminal, under it elsewhere. */
function report(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`)
  else process.stderr.write(`${line}\n`)
}

async function main(): Promise<number> {
  const interrupt = new AbortController()
  process.once('SIGINT', () => interrupt.abort())
  process.once('SIGTERM', () => interrupt.abort())
  const args = readArgs(process.argv.slice(2), process.env['LECTERN_ADMIN_TOKEN'])
  // The demo runs beside the server in one terminal; only what went wrong is worth a line there.
  const result = await simulate(args, interrupt.signal, args.demo ? () => {} : report)
  if (process.stderr.isTTY && !args.demo) process.stderr.write('\n')
  process.stdout.write(`${JSON.stringify(result)}\n`)
  return (result.lost ?? 0) + (result.doubled ?? 0) + (result.disordered ?? 0) === 0 ? 0 : 1
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  if (error instanceof UsageError) process.stderr.write(`${USAGE}\n`)
  process.exitCode = error instanceof UsageError ? USAGE_EXIT : 1
}
