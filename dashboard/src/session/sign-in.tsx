import { useState } from 'react'
import { Form } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { useSignIn } from '../http/queries.ts'
import { NarrowPage } from '../parts/frame.tsx'
import { Field, PasswordField } from '../parts/fields.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { WorkingButton } from '../parts/working-button.tsx'

/** Signing in by address and password. Afterwards the page whose address was opened is there. */
export function SignIn() {
  const t = useTranslations('session')
  const signIn = useSignIn()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  return (
    <NarrowPage title={t('title')}>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          signIn.mutate({ email: email.trim(), password })
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
        {signIn.error && <ProblemNote error={signIn.error} />}
        <WorkingButton className="button primary" isWorking={signIn.isPending}>
          {t('submit')}
        </WorkingButton>
      </Form>
      <p className="muted small">{t('lost')}</p>
    </NarrowPage>
  )
}
