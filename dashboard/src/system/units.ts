import { useFormatter } from 'use-intl'

const KIB = 1024
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** How the system page writes numbers. */
export function useUnits() {
  const format = useFormatter()
  const number = (value: number, digits = 0) => format.number(value, { maximumFractionDigits: digits })
  const digitsOf = (value: number) => (Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2)
  return {
    number,
    ms: (value: number | undefined) => (value === undefined ? '–' : `${number(value, digitsOf(value))} ms`),
    bytes(value: number | undefined) {
      if (value === undefined) return '–'
      if (value < KIB) return `${number(value)} B`
      if (value < KIB ** 2) return `${number(value / KIB, 1)} KiB`
      if (value < KIB ** 3) return `${number(value / KIB ** 2)} MiB`
      return `${number(value / KIB ** 3, 1)} GiB`
    },
    percent: (share: number) => format.number(share, { style: 'percent', maximumFractionDigits: 0 }),
    time: (at: number) => format.dateTime(at, { hour: '2-digit', minute: '2-digit', second: '2-digit' }),
    date: (at: number) => format.dateTime(at, { dateStyle: 'medium', timeStyle: 'short' }),
    /** A length of time in its largest unit. */
    duration(value: number) {
      const unit = (amount: number, name: 'second' | 'minute' | 'hour' | 'day') =>
        format.number(amount, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: 0 })
      if (value < MINUTE_MS) return unit(value / 1000, 'second')
      if (value < HOUR_MS) return unit(value / MINUTE_MS, 'minute')
      if (value < DAY_MS) return unit(value / HOUR_MS, 'hour')
      return unit(value / DAY_MS, 'day')
    },
  }
}
