import type { SystemNumbers, ThresholdInfo } from '@lectern/protocol'
import type { Alerts } from './alerts.ts'
import type { MonitorConfig } from './settings.ts'
import type { Strain } from './shedding.ts'
import { AT_REST, judge, thresholdsOf, type Standing, type Threshold } from './thresholds.ts'

const SILENT = 'silent-class'
const MINUTE_MS = 60_000

interface WatchOptions {
  config: MonitorConfig
  cores: number
  holdMs: number
  alerts: Alerts
}

/** What thresholds look at beside the numbers of the system. */
interface OtherValues {
  /** Undefined until the jobs were counted. */
  deadJobs: number | undefined
  unaccounted: number
}

interface Silent {
  class: string
  since: number
}

/** Holds every threshold against what was measured, and raises and clears its alert. */
export interface Watch {
  /** Returns the thresholds that are raised now. */
  judge(numbers: SystemNumbers, others: OtherValues, at: number): Strain[]
  /** Classes that are silent now; `className` gives their names for people. */
  silent(classes: readonly Silent[], now: { at: number; className: (classId: string) => Promise<string> }): void
  thresholds(): ThresholdInfo[]
}

function valuesOf(numbers: SystemNumbers, others: OtherValues, cores: number): Record<string, number | undefined> {
  return {
    cpu: (numbers.cores / cores) * 100,
    memory: numbers.residentBytes,
    disk: numbers.diskFreeBytes,
    'fold-lag': numbers.foldLag,
    queue: numbers.queueBytes,
    'loop-delay': numbers.loopMs,
    'dead-jobs': others.deadJobs,
    unaccounted: others.unaccounted,
  }
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB']

/** A value for people, e.g. `3.2 GB` or `87 %`. */
function spoken(value: number, unit: string): string {
  if (unit !== 'bytes') return `${Number(value.toPrecision(3))} ${unit}`
  const step = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, value)) / 10)))
  return `${Number((value / 2 ** (10 * step)).toPrecision(3))} ${UNITS[step]}`
}

/** Makes the watch by the settings; nothing is raised at first. */
export function createWatch({ config, cores, holdMs, alerts }: WatchOptions): Watch {
  let all: readonly Threshold[] = []
  let diskTotal = -1
  let values: Record<string, number | undefined> = {}
  const standings = new Map<string, Standing>()
  const quiet = new Map<string, number>()
  // What was raised when the server stopped stands until it is measured to be better.
  for (const { threshold, subject, raisedAt: since } of alerts.raised()) {
    if (threshold === SILENT && subject !== undefined) quiet.set(subject, since)
    else standings.set(threshold, { raised: true, since })
  }

  /** Alerts of thresholds that are no more, by another version or other settings. */
  const clearUnknown = (at: number) => {
    const known = new Set(all.map(({ id }) => id))
    if (config.silenceMinutes > 0) known.add(SILENT)
    for (const alert of alerts.raised()) if (!known.has(alert.threshold)) alerts.clear(alert, at)
  }

  const judgeOne = (threshold: Threshold, at: number): Standing => {
    const { id, unit, severity, limit, what } = threshold
    const value = values[id]
    const before = standings.get(id) ?? AT_REST
    // What is not known yet leaves everything as it was.
    if (value === undefined) return before
    const after = judge(threshold, before, { value, at, holdMs })
    standings.set(id, after)
    const detail = `${what}: ${spoken(value, unit)}; the limit is ${spoken(limit, unit)}.`
    if (after.raised && !before.raised) alerts.raise({ threshold: id, detail, severity }, at)
    if (before.raised && !after.raised) alerts.clear({ threshold: id }, at)
    return after
  }

  const nameSilent = async ({ class: classId, since }: Silent, now: Parameters<Watch['silent']>[1]) => {
    const name = await now.className(classId).catch(() => classId)
    // The class may have spoken while its name was looked up.
    if (quiet.get(classId) !== since) return
    const minutes = Math.floor((now.at - since) / MINUTE_MS)
    const detail = `No events from "${name}" for ${minutes} minutes, though students are connected.`
    alerts.raise({ threshold: SILENT, subject: classId, detail, severity: 'warning' }, now.at)
  }

  return {
    judge(numbers, others, at) {
      if (numbers.diskTotalBytes !== diskTotal) {
        diskTotal = numbers.diskTotalBytes
        all = thresholdsOf(config, diskTotal)
        clearUnknown(at)
      }
      values = valuesOf(numbers, others, cores)
      return all.flatMap((threshold) =>
        judgeOne(threshold, at).raised ? [{ threshold, value: values[threshold.id] ?? 0 }] : [],
      )
    },
    silent(classes, now) {
      const found = new Map(classes.map(({ class: classId, since }) => [classId, since]))
      for (const classId of quiet.keys()) {
        if (found.has(classId)) continue
        quiet.delete(classId)
        alerts.clear({ threshold: SILENT, subject: classId }, now.at)
      }
      for (const entry of classes) {
        if (quiet.has(entry.class)) continue
        quiet.set(entry.class, entry.since)
        void nameSilent(entry, now)
      }
    },
    thresholds: () => [
      ...all.map(({ id, what, unit, limit, clearAt }) => {
        const { raised, since } = standings.get(id) ?? AT_REST
        const value = values[id]
        const known = value === undefined ? {} : { value }
        return { id, what, unit, limit, clearAt, raised, ...known, ...(since === undefined ? {} : { since }) }
      }),
      ...(config.silenceMinutes === 0 ? [] : [silenceInfo()]),
    ],
  }

  function silenceInfo(): ThresholdInfo {
    const since = quiet.size === 0 ? {} : { since: Math.min(...quiet.values()) }
    const entry = { id: SILENT, what: 'Classes that fell silent with students connected', unit: 'classes' }
    return { ...entry, value: quiet.size, limit: 1, clearAt: 0, raised: quiet.size > 0, ...since }
  }
}
