import { useState } from 'react'
import type { SecondFactorNeeded, SessionAnswer } from '@lectern/protocol'
import { Button, Form } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { Field } from '../parts/fields.tsx'
import { NarrowPage } from '../parts/frame.tsx'
import { Icon } from '../parts/icons.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { showPasskey, staffApi } from './api.ts'
import { PasskeyProblem } from './passkey-problem.tsx'
import { useSignIn } from './queries.ts'

interface SecondStepProps {
  readonly needed: SecondFactorNeeded
  readonly onDone: (answer: SessionAnswer) => void
  readonly onRestart: () => void
}

/** The second factor after a password or link: a code of the app, a recovery code or a passkey. */
export function SecondStep({ needed, onDone, onRestart }: SecondStepProps) {
  const t = useTranslations('session')
  const { pending, ways } = needed
  const [byRecovery, setByRecovery] = useState(false)
  const [code, setCode] = useState('')
  const send = useSignIn((typed: string) => staffApi.second({ pending, code: typed }))
  const show = useSignIn(async () => staffApi.second({ pending, passkey: await showPasskey() }))
  const error = send.error ?? show.error
  return (
    <NarrowPage title={t('secondTitle')}>
      <p>{byRecovery ? t('recoveryText') : t('secondText')}</p>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          send.mutate(code.trim(), { onSuccess: onDone })
        }}
      >
        <Field
          key={String(byRecovery)}
          label={byRecovery ? t('recoveryCode') : t('code')}
          value={code}
          onChange={setCode}
          autoComplete="one-time-code"
          {...(byRecovery ? {} : { inputMode: 'numeric' as const })}
          isRequired
          autoFocus
          maxLength={64}
        />
        {error && <PasskeyProblem error={error} />}
        <WorkingButton className="button primary" isWorking={send.isPending}>
          {t('submit')}
        </WorkingButton>
      </Form>
      <div className="actions">
        {ways.includes('passkey') && (
          <WorkingButton
            className="button"
            isWorking={show.isPending}
            onPress={() => show.mutate(undefined, { onSuccess: onDone })}
          >
            <Icon name="key" />
            {t('usePasskey')}
          </WorkingButton>
        )}
        {ways.includes('recovery') && (
          <Button
            className="button quiet"
            onPress={() => {
              setByRecovery(!byRecovery)
              setCode('')
            }}
          >
            {byRecovery ? t('useApp') : t('useRecovery')}
          </Button>
        )}
        <Button className="button quiet" onPress={onRestart}>
          {t('restart')}
        </Button>
      </div>
    </NarrowPage>
  )
}
