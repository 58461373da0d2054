import type { Slot, Timetable } from '@lectern/protocol'
import { localTime, momentOf } from './zoned.ts'

const DAY_MS = 24 * 3_600_000
const DAYS_AHEAD = 8
const MINUTES_OF_HOUR = 60

/** One hour of the timetable on one day. `key` tells it apart from every other of the class. */
export interface Planned {
  readonly key: string
  readonly from: number
  readonly until: number
}

/** Minutes after midnight of a time such as `09:05`. */
export function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number)
  return (hours ?? 0) * MINUTES_OF_HOUR + (minutes ?? 0)
}

/** The time of day of so many minutes after midnight. */
export function timeOf(minutes: number): string {
  const two = (n: number) => String(n).padStart(2, '0')
  return `${two(Math.floor(minutes / MINUTES_OF_HOUR))}:${two(minutes % MINUTES_OF_HOUR)}`
}

/** Why a timetable can not be kept, in words; undefined when it can. */
export function faultOf({ slots }: Timetable): string | undefined {
  const ordered = slots.toSorted((a, b) => a.weekday - b.weekday || minutesOf(a.begins) - minutesOf(b.begins))
  for (const [index, { weekday, begins, ends }] of ordered.entries()) {
    if (minutesOf(ends) <= minutesOf(begins)) return `slots: one on weekday ${weekday} ends before it begins.`
    const last = ordered[index - 1]
    if (last?.weekday === weekday && minutesOf(last.ends) > minutesOf(begins)) {
      return `slots: two on weekday ${weekday} overlap.`
    }
  }
  return undefined
}

function plannedOn(zone: string, day: string, { begins, ends }: Slot): Planned {
  return {
    key: `${day} ${begins}`,
    from: momentOf(zone, { day, minute: minutesOf(begins) }),
    until: momentOf(zone, { day, minute: minutesOf(ends) }),
  }
}

function plannedFrom({ zone, slots }: Timetable, at: number, days: number): Planned[] {
  const found: Planned[] = []
  for (let ahead = 0; ahead < days; ahead += 1) {
    const { day, weekday } = localTime(zone, at + ahead * DAY_MS)
    for (const slot of slots) if (slot.weekday === weekday) found.push(plannedOn(zone, day, slot))
  }
  return found.filter(({ from, until }) => until > from).toSorted((a, b) => a.from - b.from)
}

/** The hour of the timetable that is now (ms), if any. */
export function plannedNow(timetable: Timetable, at: number): Planned | undefined {
  return plannedFrom(timetable, at, 1).find(({ from, until }) => from <= at && at < until)
}

/** The next hour of the timetable that begins after `at` (ms). */
export function plannedNext(timetable: Timetable, at: number): Planned | undefined {
  return plannedFrom(timetable, at, DAYS_AHEAD).find(({ from }) => from > at)
}
