import type { HelpRequest } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { useSession } from '../http/queries.ts'
import { stopwatch } from '../i18n/duration.ts'
import { Icon } from '../parts/icons.tsx'
import { useHelpers } from './queries.ts'

interface GoingNoteProps {
  readonly classId: string
  readonly request: HelpRequest
  /** The server's clock, ms. */
  readonly now: number
}

type Claim = NonNullable<HelpRequest['claimed']>

function Going({ classId, claim, now }: Omit<GoingNoteProps, 'request'> & { readonly claim: Claim }) {
  const t = useTranslations('queue')
  const { nameOf } = useHelpers(classId)
  const { data } = useSession()
  return (
    <p className="going">
      <Icon name="person" />
      {claim.by === data?.user.id ? t('youGo') : t('goes', { name: nameOf(claim.by) ?? t('colleague') })}{' '}
      <span className="muted">{stopwatch(now - claim.since)}</span>
    </p>
  )
}

/** Who of the staff goes there, and for how long; nothing where nobody does. */
export function GoingNote({ classId, request: { claimed }, now }: GoingNoteProps) {
  return claimed ? <Going classId={classId} claim={claimed} now={now} /> : null
}
