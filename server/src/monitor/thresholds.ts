import type { MonitorConfig } from './settings.ts'

/** A limit on one number. Where `clearAt` lies above `limit`, the number must not fall below the limit. */
export interface Threshold {
  readonly id: string
  readonly what: string
  readonly unit: string
  readonly limit: number
  readonly clearAt: number
  readonly severity: 'warning' | 'critical'
  /** What is refused while it is raised: more and more (see `shedding.ts`), exports alone, or nothing. */
  readonly sheds: 'in order' | 'exports' | 'nothing'
}

/** Where a threshold stands. `turningSince`: since when the value asks for the opposite. Times in ms. */
export interface Standing {
  readonly raised: boolean
  readonly since?: number
  readonly turningSince?: number
}

/** Nothing was measured yet. */
export const AT_REST: Standing = { raised: false }

const isFloor = ({ limit, clearAt }: Threshold) => clearAt > limit

function asksForTurn(threshold: Threshold, raised: boolean, value: number): boolean {
  const { limit, clearAt } = threshold
  if (raised) return isFloor(threshold) ? value >= clearAt : value <= clearAt
  return isFloor(threshold) ? value <= limit : value >= limit
}

/**
 * Where the threshold stands after one more value: raised once the value has been at the limit or beyond for `holdMs`,
 * cleared once it has been at `clearAt` or better for as long. In between nothing changes, so that a value that hovers
 * about the limit does not ring twice.
 */
export function judge(threshold: Threshold, before: Standing, now: { value: number; at: number; holdMs: number }) {
  const { value, at, holdMs } = now
  const { turningSince: _turning, ...rest } = before
  if (!asksForTurn(threshold, before.raised, value)) return rest as Standing
  const turningSince = before.turningSince ?? at
  if (at - turningSince < holdMs) return { ...rest, turningSince } as Standing
  return (before.raised ? { raised: false } : { raised: true, since: at }) as Standing
}

/** How far beyond its limit a value is: 1 at the limit, 1.5 at half as much again. */
export function pressure(threshold: Threshold, value: number): number {
  const { limit } = threshold
  if (isFloor(threshold)) return value <= 0 ? Number.POSITIVE_INFINITY : limit / value
  return value / limit
}

const CLEAR_SHARE = 0.9

/** Limits from above, which are cleared a tenth below. */
function ceiling(entry: Omit<Threshold, 'clearAt'>): Threshold {
  return { ...entry, clearAt: entry.limit * CLEAR_SHARE }
}

/** Every threshold over one number, by the settings. `diskTotalBytes`: a share of the disk is a limit too. */
export function thresholdsOf(config: MonitorConfig, diskTotalBytes: number): Threshold[] {
  const { cpuPercent, memoryBytes, disk, foldLag, queueBytes, loopMs, deadJobs } = config
  const free = Math.max(disk.bytes, disk.share * diskTotalBytes)
  const bySetting = { severity: 'warning', sheds: 'in order' } as const
  return [
    ceiling({ ...bySetting, id: 'cpu', what: 'Processor time of all cores', unit: '%', limit: cpuPercent }),
    ceiling({ ...bySetting, id: 'memory', what: 'Resident memory', unit: 'bytes', limit: memoryBytes }),
    {
      id: 'disk',
      what: 'Free space on the disk of the data folder',
      unit: 'bytes',
      limit: free,
      clearAt: free / CLEAR_SHARE,
      severity: 'critical',
      sheds: 'exports',
    },
    ceiling({ ...bySetting, id: 'fold-lag', what: 'Events stored and not yet shown', unit: 'events', limit: foldLag }),
    ceiling({
      id: 'queue',
      what: 'Bytes waiting to be stored',
      unit: 'bytes',
      limit: queueBytes,
      severity: 'critical',
      sheds: 'in order',
    }),
    ceiling({ ...bySetting, id: 'loop-delay', what: 'Delay of the event loop (p99)', unit: 'ms', limit: loopMs }),
    ceiling({
      id: 'dead-jobs',
      what: 'Jobs whose every attempt failed',
      unit: 'jobs',
      limit: deadJobs,
      severity: 'warning',
      sheds: 'nothing',
    }),
    {
      id: 'unaccounted',
      what: 'Events received that were neither stored, duplicate nor refused',
      unit: 'events',
      limit: 1,
      clearAt: 0,
      severity: 'critical',
      sheds: 'nothing',
    },
  ]
}
