import type { LoggedEvent } from '../harness/staff.ts'
import type { Done } from './asked.ts'
import type { JournalRun } from './kernel-journal.ts'

/** What is compared: the server's log, what the kernels wrote down themselves, and what the harness asked for. */
export interface Evidence {
  readonly log: readonly LoggedEvent[]
  readonly journal: readonly JournalRun[]
  readonly done: Done
}

const sourceOf = ({ data }: LoggedEvent) => String(data['source'])

const inStudentsOrder = (log: readonly LoggedEvent[]) =>
  log.filter(({ type }) => type === 'cell_executed').toSorted((one, other) => one.seq - other.seq)

/** What the log should say of a run that its kernel wrote down. */
function wrongEnd(event: LoggedEvent, run: JournalRun, { left, restarted }: Done): string | undefined {
  const { status, errorName, executionCount } = event.data
  if (status === undefined) return left.has(run.code) ? undefined : 'has no status, although its page was there'
  if (!run.end) return status === 'aborted' ? undefined : `is ${JSON.stringify(status)}, but its kernel did not end it`
  const { error, count } = run.end
  if (status === 'aborted' && error === 'KeyboardInterrupt' && restarted.has(run.code)) return undefined
  if (status !== (error === null ? 'ok' : 'error'))
    return `is ${JSON.stringify(status)}, but its kernel ended it with ${error}`
  if (error !== null && errorName !== error) return `names ${String(errorName)} instead of ${error}`
  return executionCount === count ? undefined : `has the count ${String(executionCount)} instead of ${count}`
}

/** Every run that was asked for stands in the log once, in its place and with its end. */
function wrongRuns({ log, journal, done }: Evidence): string[] {
  const found: string[] = []
  const runs = inStudentsOrder(log)
  for (const { code, cell, book } of done.asked) {
    const said = code.split('\n')[0] ?? code
    const events = runs.filter((event) => sourceOf(event) === code)
    const [event] = events
    const run = journal.find((one) => one.code === code)
    // The page went before it had sent anything.
    if (!event && !run && done.left.has(code)) continue
    if (!event || events.length > 1) {
      found.push(`${said} stands in the log ${events.length} times${run ? '' : ', and no kernel ran it'}`)
      continue
    }
    const place = `${event.cell?.id} of ${event.notebook?.path}`
    if (place !== `${cell} of ${book}`) found.push(`${said} stands under ${place} instead of ${cell} of ${book}`)
    const { status } = event.data
    if (run) {
      const wrong = wrongEnd(event, run, done)
      if (wrong !== undefined) found.push(`${said} ${wrong}`)
    } else if (status !== 'aborted' && status !== undefined) {
      found.push(`${said} is ${JSON.stringify(status)}, but no kernel ran it`)
    }
  }
  const asked = new Set(done.asked.map(({ code }) => code))
  for (const event of runs) if (!asked.has(sourceOf(event))) found.push(`${sourceOf(event)} was never asked for`)
  return found
}

/** The runs of each kernel stand in the order in which the kernel worked; of those whose end nobody saw it is not known. */
function wrongOrder({ log, journal }: Evidence): string[] {
  const seen = inStudentsOrder(log).filter(({ data }) => data['status'] === 'ok' || data['status'] === 'error')
  const found: string[] = []
  for (const pid of new Set(journal.map((run) => run.pid))) {
    const worked = journal.filter((run) => run.pid === pid).map(({ code }) => code)
    const logged = seen.map(sourceOf).filter((code) => worked.includes(code))
    const expected = worked.filter((code) => logged.includes(code))
    if (JSON.stringify(logged) !== JSON.stringify(expected)) {
      found.push(`kernel ${pid} worked in the order ${expected.join(' | ')}, the log says ${logged.join(' | ')}`)
    }
  }
  return found
}

function wrongNumbers({ log, done }: Evidence): string[] {
  const found: string[] = []
  if (new Set(log.map(({ id }) => id)).size !== log.length) found.push('an id stands in the log twice')
  for (const install of new Set(log.map((event) => event.install))) {
    const seqs = new Set(log.filter((event) => event.install === install).map(({ seq }) => seq))
    for (let seq = 1; seq <= seqs.size; seq += 1) if (!seqs.has(seq)) found.push(`number ${seq} is missing`)
  }
  const edits = log.filter(({ type, cell }) => type === 'cell_edited' && cell?.id === 'typed')
  const typed = edits.reduce((sum, { data }) => sum + Number(data['typed']), 0)
  if (typed !== done.typed) found.push(`${done.typed} characters were typed, the log says ${typed}`)
  return found
}

/** Everything in which the log differs from what was done. */
export function differences(evidence: Evidence): string[] {
  return [...wrongRuns(evidence), ...wrongOrder(evidence), ...wrongNumbers(evidence)]
}
