import { useTranslations } from 'use-intl'
import { Icon } from '../parts/icons.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { NoPasskey } from './api.ts'

/** What went wrong, also where it was the browser that showed no passkey. */
export function PasskeyProblem({ error }: { readonly error: unknown }) {
  const t = useTranslations('session')
  if (!(error instanceof NoPasskey)) return <ProblemNote error={error} />
  return (
    <div className="problem" role="alert">
      <Icon name="failing" />
      <p>{t('passkeyFailed')}</p>
    </div>
  )
}
