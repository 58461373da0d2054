import { useState } from 'react'
import type { MessageTo, NewMessageAnswer } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { Panel } from '../class/panel.tsx'
import { Icon } from '../parts/icons.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { useWithdrawing } from './queries.ts'
import { Recipients } from './recipients.tsx'
import { SayForm } from './say-form.tsx'

function JustSent({ classId, sent, onGone }: JustSentProps) {
  const t = useTranslations('say')
  const withdrawing = useWithdrawing(classId)
  return (
    <div className="just-sent">
      <p className="good" role="status">
        <Icon name="check" />
        {t('sent', { n: sent.to })}
      </p>
      <WorkingButton
        className="button small-button"
        isWorking={withdrawing.isPending}
        onPress={() => withdrawing.mutate(sent.id, { onSuccess: onGone })}
      >
        <Icon name="undo" />
        {t('takeBack')}
      </WorkingButton>
      {withdrawing.isError && <ProblemNote error={withdrawing.error} />}
    </div>
  )
}

interface JustSentProps {
  readonly classId: string
  readonly sent: NewMessageAnswer
  readonly onGone: () => void
}

/** Where something is said to the class, or to a part of it. */
export function Composer({ classId }: { readonly classId: string }) {
  const t = useTranslations('talk')
  const say = useTranslations('say')
  const [target, setTarget] = useState<{ to: MessageTo | undefined; whom: string }>({
    to: { everyone: true },
    whom: say('everyone'),
  })
  const [sent, setSent] = useState<NewMessageAnswer>()
  const { to, whom } = target
  return (
    <Panel id="composer" title={t('compose')}>
      <div className="composer">
        <Recipients classId={classId} onChange={(next, words) => setTarget({ to: next, whom: words })} />
        {to ? (
          // What goes to all may be a banner; otherwise what was typed stays when others are chosen.
          <SayForm
            key={`${'everyone' in to ? 'everyone' : 'some'} ${sent?.id ?? ''}`}
            classId={classId}
            wish={{ to, whom }}
            isInPage
            onSent={setSent}
          />
        ) : (
          <p className="muted">{t('nobodyChosen')}</p>
        )}
        {sent && <JustSent classId={classId} sent={sent} onGone={() => setSent(undefined)} />}
      </div>
    </Panel>
  )
}
