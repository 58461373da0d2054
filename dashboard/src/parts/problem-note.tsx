import { useMessages, useTranslations } from 'use-intl'
import { ApiProblem } from '../http/problem.ts'
import type { Messages } from '../i18n/en.ts'
import { Icon } from './icons.tsx'

type Known = Exclude<keyof Messages['problem'], 'title'>

/** What went wrong, in the reader's language where the code is known, else in the server's words. */
export function useProblemText(): (error: unknown) => string {
  const t = useTranslations('problem')
  const { problem } = useMessages()
  const isKnown = (code: string): code is Known => code !== 'title' && Object.hasOwn(problem, code)
  return (error) => {
    if (!(error instanceof ApiProblem)) return t('unknown')
    if (isKnown(error.code) && error.code !== 'unknown') return t(error.code, { instance: error.instance })
    const said = [error.message, error.action].filter(Boolean).join('. ')
    return said === '' ? t('unknown') : said
  }
}

interface ProblemNoteProps {
  readonly error: unknown
  readonly onRetry?: (() => void) | undefined
}

/** An error where it happened, read out at once. */
export function ProblemNote({ error, onRetry }: ProblemNoteProps) {
  const text = useProblemText()
  const t = useTranslations('app')
  return (
    <div className="problem" role="alert">
      <Icon name="failing" />
      <p>{text(error)}</p>
      {onRetry && (
        <button type="button" className="button quiet" onClick={onRetry}>
          {t('retry')}
        </button>
      )}
    </div>
  )
}
