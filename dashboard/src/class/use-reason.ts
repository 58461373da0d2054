import type { AttentionPhase } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { useDuration } from '../i18n/duration.ts'
import { sinceOf } from './overview.ts'

/** Cells are counted from 1, as people count. */
export const cellNumber = (index: number): number => index + 1

/** Less than this has just happened. */
const WORTH_SAYING_MS = 60_000

/**
 * Puts into words what a student needs: "same NameError 4 times in cell 7, 6 min". `now`: the server's clock, ms. `isBrief`: a
 * sign beside it already says that somebody asked.
 */
export function useReason({ isBrief = false } = {}): (phase: AttentionPhase, now: number) => string {
  const t = useTranslations('reason')
  const duration = useDuration()
  const what = ({ reason }: AttentionPhase): string => {
    const error = reason.error || t('someError')
    const cell = cellNumber(reason.cell ?? 0)
    if (reason.code === 'same_error') return t('same_error', { error, cell, n: reason.count ?? 1 })
    if (reason.code === 'asked' && reason.error !== undefined) {
      return isBrief ? t('last_failed', { error, cell }) : t('askedWith', { error, cell })
    }
    if (reason.code === 'no_success') return t('no_success', { error, cell })
    if (reason.code === 'stopped_after_error') return t('stopped_after_error', { error, cell })
    if (reason.code === 'last_failed') return t('last_failed', { error, cell })
    return t(reason.code)
  }
  return (phase, now) => {
    const text = what(phase)
    const since = now - sinceOf(phase)
    if (phase.reason.code === 'working' || phase.reason.code === 'not_sharing' || since < WORTH_SAYING_MS) return text
    return t('lasting', { text, duration: duration(since) })
  }
}
