import { useState } from 'react'
import type { NewMessageAnswer } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { hrefOfClass } from '../app/route.ts'
import { Sheet } from '../parts/dialog.tsx'
import { Icon } from '../parts/icons.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { useWithdrawing } from './queries.ts'
import type { SayWish } from './say.tsx'
import { SayForm } from './say-form.tsx'

interface SayDialogProps {
  readonly classId: string
  readonly wish: SayWish
  readonly onClose: () => void
}

interface SentProps {
  readonly classId: string
  readonly sent: NewMessageAnswer
  readonly onWithdrawn: () => void
  readonly onClose: () => void
}

/** What was just sent: it can be taken back at once, and followed. */
function Sent({ classId, sent, onWithdrawn, onClose }: SentProps) {
  const t = useTranslations('say')
  const app = useTranslations('app')
  const withdrawing = useWithdrawing(classId)
  return (
    <div className="form">
      <p className="good" role="status">
        <Icon name="check" />
        {t('sent', { n: sent.to })}
      </p>
      {withdrawing.isError && <ProblemNote error={withdrawing.error} />}
      <div className="actions">
        <Button className="button primary" autoFocus onPress={onClose}>
          {app('close')}
        </Button>
        <a className="button" href={hrefOfClass({ id: classId, view: 'talk' })} onClick={onClose}>
          <Icon name="talk" />
          {t('follow')}
        </a>
        <WorkingButton
          className="button quiet"
          isWorking={withdrawing.isPending}
          onPress={() => withdrawing.mutate(sent.id, { onSuccess: onWithdrawn })}
        >
          <Icon name="undo" />
          {t('takeBack')}
        </WorkingButton>
      </div>
    </div>
  )
}

/** Where staff write to students. What was typed stays when it is taken back. */
export function SayDialog({ classId, wish, onClose }: SayDialogProps) {
  const t = useTranslations('say')
  const [sent, setSent] = useState<NewMessageAnswer>()
  return (
    <Sheet title={t('title', { name: wish.whom })} wide isOpen onClose={onClose}>
      {sent && <Sent classId={classId} sent={sent} onWithdrawn={() => setSent(undefined)} onClose={onClose} />}
      <div hidden={sent !== undefined}>
        <SayForm classId={classId} wish={wish} onSent={setSent} />
      </div>
    </Sheet>
  )
}
