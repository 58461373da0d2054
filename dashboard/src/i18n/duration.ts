import { useTranslations } from 'use-intl'

const MINUTE_MS = 60_000

/** Puts a time span in ms into words, in whole minutes. */
export function useDuration(): (ms: number) => string {
  const t = useTranslations('time')
  return (ms) => {
    const minutes = Math.floor(Math.max(0, ms) / MINUTE_MS)
    if (minutes < 1) return t('now')
    if (minutes < 60) return t('minutes', { n: minutes })
    return t('hours', { h: Math.floor(minutes / 60), m: minutes % 60 })
  }
}

/** A time span in ms as minutes and seconds, `3:05`, or `1:03:05` from an hour on. */
export function stopwatch(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000)
  const two = (n: number) => String(n).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const rest = `${hours > 0 ? two(Math.floor(seconds / 60) % 60) : Math.floor(seconds / 60)}:${two(seconds % 60)}`
  return hours > 0 ? `${hours}:${rest}` : rest
}
