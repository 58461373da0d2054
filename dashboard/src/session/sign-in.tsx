import { useState } from 'react'
import { Button, Form } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { useSignIn } from '../http/queries.ts'
import { NarrowPage } from '../parts/frame.tsx'
import { Field, PasswordField } from '../parts/fields.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'

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
        <Button type="submit" className="button primary" isPending={signIn.isPending}>
          {t('submit')}
        </Button>
      </Form>
      <p className="muted small">{t('lost')}</p>
    </NarrowPage>
  )
}
