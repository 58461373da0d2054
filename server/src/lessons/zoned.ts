const MINUTE_MS = 60_000
const MINUTES_OF_HOUR = 60
const DAY_MS = 24 * MINUTES_OF_HOUR * MINUTE_MS
const DAYS_OF_WEEK = 7

/** A moment by a wall clock: the day as `2026-04-13`, its weekday from 1 (Monday), and minutes after midnight. */
export interface LocalTime {
  readonly day: string
  readonly weekday: number
  readonly minute: number
}

// Making a format costs a hundred times what using it does.
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const options = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const
  const made = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone, calendar: 'gregory', hourCycle: 'h23' })
  formats.set(zone, made)
  return made
}

/** True for a name of the time zone database. */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone)
    return true
  } catch {
    return false
  }
}

const weekdayOf = (day: string): number =>
  ((new Date(`${day}T00:00:00Z`).getUTCDay() + DAYS_OF_WEEK - 1) % DAYS_OF_WEEK) + 1

/** What a wall clock in `zone` shows at `at` (ms since the epoch). Throws RangeError for no zone. */
export function localTime(zone: string, at: number): LocalTime {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  )
  const [year = '', month = '', date = ''] = [parts.get('year'), parts.get('month'), parts.get('day')]
  const day = `${year.padStart(4, '0')}-${month}-${date}`
  const minute = Number(parts.get('hour')) * MINUTES_OF_HOUR + Number(parts.get('minute'))
  return { day, weekday: weekdayOf(day), minute }
}

/**
 * The first moment (ms) at which a wall clock in `zone` shows this minute of this day or a later one: a time that the clock skips
 * in spring is when it jumps, one that it shows twice in autumn the first.
 */
export function momentOf(zone: string, { day, minute }: Pick<LocalTime, 'day' | 'minute'>): number {
  const asUtc = Date.parse(`${day}T00:00:00Z`) + minute * MINUTE_MS
  const [wantedDay, wantedMinute] = [new Date(asUtc).toISOString().slice(0, day.length), minute % (DAY_MS / MINUTE_MS)]
  const isReached = (at: number): boolean => {
    const shown = localTime(zone, at)
    return shown.day > wantedDay || (shown.day === wantedDay && shown.minute >= wantedMinute)
  }
  // No clock is further than a day from that of UTC; within it a clock that is set back at night shows some minutes twice.
  let [before, after] = [asUtc - DAY_MS, asUtc + DAY_MS]
  while (after - before > MINUTE_MS) {
    const middle = before + Math.floor((after - before) / MINUTE_MS / 2) * MINUTE_MS
    if (isReached(middle)) after = middle
    else before = middle
  }
  return after
}
