import type { AttentionSummary, CellSummary, MinuteSummary } from '@lectern/protocol'
import { FEWEST_MINUTES, MINUTES_SHOWN, type ActivityColumns } from '../class/activity.ts'

/** Groups of students by what they need, in the order in which they are shown, with the colour of each. */
export const GROUPS = [
  ['help', 'help'],
  ['stuck', 'stuck'],
  ['failing', 'failing'],
  ['needing', 'stuck'],
  ['present', 'active'],
  ['working', 'active'],
  ['active', 'active'],
  ['idle', 'idle'],
  ['others', 'idle'],
  ['away', 'away'],
] as const satisfies readonly (readonly [keyof AttentionSummary, string])[]

/** Parts of a cell's bar from the bottom up, with the picture of each. */
export const PARTS = [
  ['done', 'done'],
  ['tried', 'failing'],
  ['reached', 'reached'],
  ['open', 'left'],
  ['undone', 'left'],
] as const satisfies readonly (readonly [keyof CellSummary, string])[]

/** Cells by notebook, in the order in which they come. */
export function byNotebook(cells: readonly CellSummary[]): [notebook: string, cells: CellSummary[]][] {
  const books = new Map<string, CellSummary[]>()
  for (const cell of cells) books.set(cell.notebook, [...(books.get(cell.notebook) ?? []), cell])
  return [...books]
}

const MINUTE_S = 60
const MINUTE_MS = 60_000

/** The last hour up to the minute that has ended before `at` (ms); one that nothing is told of is a hole, one without events 0. */
export function minuteColumns(minutes: readonly MinuteSummary[], at: number): ActivityColumns {
  const known = new Map(minutes.map((one) => [one.minute, one]))
  const last = Math.floor(at / MINUTE_MS) - 1
  const first = Math.max(last - MINUTES_SHOWN + 1, Math.min(last - FEWEST_MINUTES + 1, ...known.keys()))
  const columns: ActivityColumns = [[], [], []]
  for (let minute = first; minute <= last; minute += 1) {
    const one = known.get(minute) ?? { executions: 0, failures: 0 }
    columns[0].push(minute * MINUTE_S)
    columns[1].push(one.executions ?? null)
    columns[2].push(one.failures ?? null)
  }
  return columns
}

/** What is told of the runs and failures of the last five minutes, the running one included. */
export function latelyTold(minutes: readonly MinuteSummary[], at: number): { runs: number; failures: number } {
  const recent = minutes.filter(({ minute }) => minute > Math.floor(at / MINUTE_MS) - FEWEST_MINUTES)
  const sum = (name: 'executions' | 'failures') => recent.reduce((all, one) => all + (one[name] ?? 0), 0)
  return { runs: sum('executions'), failures: sum('failures') }
}
