import type { AlertInfo } from '@lectern/protocol'
import { CodedError } from '../errors.ts'

const KEPT_MS = 24 * 3_600_000
const MOST_KEPT = 500
const MINUTE_MS = 60_000

/** What is wrong: `threshold` and `subject` together say whether it is the same as before. */
export interface Fault {
  readonly threshold: string
  readonly subject?: string
  readonly detail: string
  readonly severity: AlertInfo['severity']
}

/** Told of every alert that is raised or cleared, unless it is muted. */
export type AlertListener = (what: 'raised' | 'cleared', alert: AlertInfo) => void

/** The alerts of the last day. */
export interface Alerts {
  /** Raises it, if it is not raised. */
  raise(fault: Fault, at: number): void
  clear(fault: Pick<Fault, 'threshold' | 'subject'>, at: number): void
  /** Silences an alert, and what is raised of the same meanwhile; 0 ends the silence. Throws `not_found`. */
  mute(id: number, minutes: number, at: number): AlertInfo
  /** The newest first. */
  list(at: number): AlertInfo[]
  /** Raised now, and not muted. */
  active(at: number): AlertInfo[]
  /** Raised now, muted or not. */
  raised(): AlertInfo[]
  /** Alerts raised since the start, by threshold. */
  raisedTotal(): ReadonlyMap<string, number>
  /** Grows whenever an answer of the others changes. */
  version(): number
}

const isMuted = ({ mutedUntil }: AlertInfo, at: number) => mutedUntil !== undefined && mutedUntil > at

interface AlertsOptions {
  /** Must not throw. */
  onChange: AlertListener
  /** Alerts of before, the oldest first. */
  before?: readonly AlertInfo[]
  /** Given all of them, to keep, whenever one has changed. */
  keep?: (alerts: readonly AlertInfo[]) => void
}

/** Makes the list of alerts. */
export function createAlerts({ onChange, before = [], keep = () => undefined }: AlertsOptions): Alerts {
  let alerts: AlertInfo[] = before.map((alert) => ({ ...alert }))
  const totals = new Map<string, number>()
  let nextId = 1 + Math.max(0, ...before.map(({ id }) => id))
  let version = 0

  const sameAs = (fault: Pick<Fault, 'threshold' | 'subject'>) => (alert: AlertInfo) =>
    alert.threshold === fault.threshold && alert.subject === fault.subject
  const changed = (what: 'raised' | 'cleared', alert: AlertInfo, at: number) => {
    version += 1
    forgetOld(at)
    keep(alerts)
    if (!isMuted(alert, at)) onChange(what, { ...alert })
  }
  const forgetOld = (at: number) => {
    const isOld = ({ clearedAt }: AlertInfo) => clearedAt !== undefined && at - clearedAt > KEPT_MS
    alerts = alerts.filter((alert) => !isOld(alert))
    const over = alerts.length - MOST_KEPT
    if (over > 0) alerts = alerts.filter(({ clearedAt }, index) => clearedAt === undefined || index >= over)
  }

  return {
    raise(fault, at) {
      const last = alerts.findLast(sameAs(fault))
      if (last && last.clearedAt === undefined) return
      const muted = last && isMuted(last, at) ? { mutedUntil: last.mutedUntil as number } : {}
      const alert: AlertInfo = { id: nextId, ...fault, raisedAt: at, ...muted }
      nextId += 1
      alerts.push(alert)
      totals.set(fault.threshold, (totals.get(fault.threshold) ?? 0) + 1)
      changed('raised', alert, at)
    },
    clear(fault, at) {
      const alert = alerts.findLast(sameAs(fault))
      if (!alert || alert.clearedAt !== undefined) return
      alert.clearedAt = at
      changed('cleared', alert, at)
    },
    mute(id, minutes, at) {
      const alert = alerts.find((one) => one.id === id)
      if (!alert) throw new CodedError('not_found', 'There is no such alert; they are kept for a day.')
      if (minutes > 0) alert.mutedUntil = at + minutes * MINUTE_MS
      else delete alert.mutedUntil
      version += 1
      keep(alerts)
      return { ...alert }
    },
    list(at) {
      forgetOld(at)
      return alerts.map((alert) => ({ ...alert })).toReversed()
    },
    active: (at) => alerts.filter((alert) => alert.clearedAt === undefined && !isMuted(alert, at)),
    raised: () => alerts.filter(({ clearedAt }) => clearedAt === undefined).map((alert) => ({ ...alert })),
    raisedTotal: () => totals,
    version: () => version,
  }
}
