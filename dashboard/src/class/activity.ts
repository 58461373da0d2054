import type { ClassState } from '@lectern/protocol'

const MINUTE_MS = 60_000
/** Minutes that the picture shows. */
export const MINUTES_SHOWN = 60
/** And at least so many. */
export const FEWEST_MINUTES = 5

/** Columns for the picture: seconds since the epoch, runs that went well, runs that failed; null where nothing is told. */
export type ActivityColumns = readonly [times: number[], runs: (number | null)[], failures: (number | null)[]]

/** The last hour up to the minute that has ended before `now`, without holes: a minute in which nothing happened is 0. */
export function activityColumns(activity: ClassState['activity'], now: number): ActivityColumns {
  // The running minute would always look like a fall.
  const last = Math.floor(now / MINUTE_MS) - 1
  const known = Object.keys(activity).map(Number)
  const first = Math.max(last - MINUTES_SHOWN + 1, Math.min(last - FEWEST_MINUTES + 1, ...known))
  const columns: [number[], number[], number[]] = [[], [], []]
  for (let minute = first; minute <= last; minute += 1) {
    const { executions = 0, failures = 0 } = activity[minute] ?? {}
    columns[0].push((minute * MINUTE_MS) / 1000)
    columns[1].push(executions)
    columns[2].push(failures)
  }
  return columns
}

/** Runs and failures of the last `minutes` minutes, the running one included. */
export function lately(
  activity: ClassState['activity'],
  now: number,
  minutes: number,
): { runs: number; failures: number } {
  const last = Math.floor(now / MINUTE_MS)
  let runs = 0
  let failures = 0
  for (let minute = last - minutes + 1; minute <= last; minute += 1) {
    runs += activity[minute]?.executions ?? 0
    failures += activity[minute]?.failures ?? 0
  }
  return { runs, failures }
}
