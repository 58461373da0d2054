import { useState } from 'react'
import { browserSupportsWebAuthn } from '@simplewebauthn/browser'
import type { SecondFactorNeeded, SignInWays } from '@lectern/protocol'
import { Form } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { go } from '../app/route.ts'
import { ApiProblem } from '../http/problem.ts'
import { Field, PasswordField } from '../parts/fields.tsx'
import { NarrowPage } from '../parts/frame.tsx'
import { Icon } from '../parts/icons.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { showPasskey, staffApi } from './api.ts'
import { PasskeyProblem } from './passkey-problem.tsx'
import { isNeeded, useSignIn, useWays } from './queries.ts'
import { SecondStep } from './second-step.tsx'

/** A failure of a sign-in elsewhere, which came back in the address. */
const problemOf = (code: string) => new ApiProblem({ status: 401, code })

/** The ways that need no password typed here; none where nothing is configured. */
function OtherWays({ ways, onDone }: { readonly ways: SignInWays; readonly onDone: () => void }) {
  const t = useTranslations('session')
  const show = useSignIn(async () => staffApi.signIn({ passkey: await showPasskey() }))
  const passkeys = ways.passkeys && browserSupportsWebAuthn()
  if (!passkeys && ways.providers.length === 0) return null
  return (
    <>
      <p className="or" aria-hidden="true">
        <span>{t('or')}</span>
      </p>
      <div className="ways">
        {ways.providers.map(({ id, name }) => (
          <a key={id} className="button" href={`/api/v2/session/${id}`}>
            <Icon name="next" />
            {t('provider', { name })}
          </a>
        ))}
        {passkeys && (
          <WorkingButton
            className="button"
            isWorking={show.isPending}
            onPress={() => show.mutate(undefined, { onSuccess: onDone })}
          >
            <Icon name="key" />
            {t('passkey')}
          </WorkingButton>
        )}
      </div>
      {show.error && <PasskeyProblem error={show.error} />}
    </>
  )
}

/** Signing in by every way that there is here. Afterwards the page whose address was opened is there. */
export function SignIn({ refused }: { readonly refused?: string }) {
  const t = useTranslations('session')
  const ways = useWays()
  const signIn = useSignIn(staffApi.signIn)
  const [needed, setNeeded] = useState<SecondFactorNeeded>()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  /** The address of a failure is no page to come back to. */
  const leave = () => {
    if (refused !== undefined) go({ page: 'classes' }, { replace: true })
  }
  if (needed) return <SecondStep needed={needed} onDone={leave} onRestart={() => setNeeded(undefined)} />
  const error = signIn.error ?? (refused === undefined || signIn.isPending ? undefined : problemOf(refused))
  return (
    <NarrowPage title={t('title')}>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          const onSuccess = (answer: Awaited<ReturnType<typeof staffApi.signIn>>) => {
            if (isNeeded(answer)) setNeeded(answer)
            else leave()
          }
          signIn.mutate({ email: email.trim(), password }, { onSuccess })
        }}
      >
        <Field
          label={t('email')}
          type="email"
          autoComplete="username"
          value={email}
          onChange={setEmail}
          isRequired
          autoFocus
        />
        <PasswordField
          label={t('password')}
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
          isRequired
        />
        {error && <ProblemNote error={error} />}
        <WorkingButton className="button primary" isWorking={signIn.isPending}>
          {t('submit')}
        </WorkingButton>
      </Form>
      {ways.data && <OtherWays ways={ways.data} onDone={leave} />}
      <p className="muted small">{t('lost')}</p>
    </NarrowPage>
  )
}
