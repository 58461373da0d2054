import { diffLines } from 'diff'
import { useMemo } from 'react'
import { useTranslations } from 'use-intl'

interface CodeDiffProps {
  readonly before: string
  readonly after: string
}

/** Two sources compared line by line; what was added and removed is told by sign and words as well as by colour. */
export function CodeDiff({ before, after }: CodeDiffProps) {
  const t = useTranslations('story')
  const parts = useMemo(() => diffLines(before, after, { stripTrailingCr: true }), [before, after])
  if (before === after) return <p className="muted">{t('same')}</p>
  return (
    <pre className="code-diff" tabIndex={0} aria-label={t('code')}>
      {parts.map(({ value, added, removed }, part) => {
        const is = added ? 'added' : removed ? 'removed' : 'kept'
        const lines = value.replace(/\n$/, '').split('\n')
        return lines.map((line, index) => (
          <span key={`${part} ${index}`} className={`diff-line is-${is}`}>
            <span className="diff-sign" aria-hidden="true">
              {added ? '+' : removed ? '−' : ' '}
            </span>
            {is !== 'kept' && <span className="off-screen">{t(is)}: </span>}
            {line}
            {'\n'}
          </span>
        ))
      })}
    </pre>
  )
}
