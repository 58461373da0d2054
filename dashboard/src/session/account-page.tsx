import { useState } from 'react'
import type { SessionAnswer, StaffUser } from '@lectern/protocol'
import { Form } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { useSetPassword } from '../http/queries.ts'
import { Field, PasswordField } from '../parts/fields.tsx'
import { TopBar } from '../parts/frame.tsx'
import { Icon } from '../parts/icons.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { AppSection } from './app-section.tsx'
import { PasskeysSection } from './passkeys-section.tsx'
import { PasswordRule } from './password-rule.tsx'
import { useEditAccount } from './queries.ts'
import { SessionsSection } from './sessions-section.tsx'
import { useConfirmed } from './use-confirmed.tsx'
import '../styles/staff.css'

/** Says that something was done, also to screen readers. */
function Done({ text }: { readonly text: string }) {
  return (
    <p className="good" role="status">
      <Icon name="check" />
      {text}
    </p>
  )
}

function YouSection({ user }: { readonly user: StaffUser }) {
  const t = useTranslations('account')
  const save = useTranslations('app')('save')
  const { run, dialog } = useConfirmed()
  const edit = useEditAccount()
  const [name, setName] = useState(user.name)
  const [email, setEmail] = useState(user.email)
  const send = () =>
    run(() => edit.mutateAsync({ name: name.trim(), ...(email.trim() === '' ? {} : { email: email.trim() }) }))
  return (
    <section className="card staff-card">
      <h2>{t('you')}</h2>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          // What went wrong is shown below.
          send().catch(() => undefined)
        }}
      >
        <Field label={t('name')} autoComplete="name" value={name} onChange={setName} isRequired maxLength={120} />
        <Field
          label={t('email')}
          type="email"
          autoComplete="username"
          value={email}
          onChange={setEmail}
          maxLength={254}
        />
        {edit.error && <ProblemNote error={edit.error} />}
        <div className="actions">
          <WorkingButton className="button" isWorking={edit.isPending}>
            {save}
          </WorkingButton>
          {edit.isSuccess && <Done text={t('saved')} />}
        </div>
      </Form>
      {dialog}
    </section>
  )
}

function PasswordSection({ user }: { readonly user: StaffUser }) {
  const t = useTranslations('account')
  const save = useSetPassword()
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  return (
    <section className="card staff-card">
      <h2>{t('change')}</h2>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          const wanted = { password, ...(user.passwordSet ? { current } : {}) }
          const onSuccess = () => {
            setCurrent('')
            setPassword('')
          }
          save.mutate(wanted, { onSuccess })
        }}
      >
        {user.passwordSet && (
          <PasswordField
            label={t('current')}
            autoComplete="current-password"
            value={current}
            onChange={setCurrent}
            isRequired
          />
        )}
        <PasswordField
          label={t('password')}
          autoComplete="new-password"
          value={password}
          onChange={setPassword}
          hint={<PasswordRule length={[...password].length} />}
          isRequired
        />
        {save.error && <ProblemNote error={save.error} />}
        <div className="actions">
          <WorkingButton className="button" isWorking={save.isPending}>
            {user.passwordSet ? t('changePassword') : t('setPassword')}
          </WorkingButton>
          {save.isSuccess && <Done text={t('passwordSaved')} />}
        </div>
      </Form>
    </section>
  )
}

/** One's own account: name, password, second factor, passkeys, sessions. */
export function AccountPage({ session }: { readonly session: SessionAnswer }) {
  const t = useTranslations('account')
  const { user, secondFactorNeeded } = session
  return (
    <>
      <TopBar title={t('title')} />
      <main id="main" className="page account-page" tabIndex={-1}>
        {secondFactorNeeded && (
          <p className="banner" role="status">
            <Icon name="key" />
            <span>{t('secondNeeded')}</span>
          </p>
        )}
        <YouSection user={user} />
        <PasswordSection user={user} />
        <AppSection />
        <PasskeysSection />
        <SessionsSection />
      </main>
    </>
  )
}
