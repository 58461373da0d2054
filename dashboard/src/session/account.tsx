import { useState } from 'react'
import type { PasswordRequest, StaffUser } from '@lectern/protocol'
import { Form } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { go, hrefOf } from '../app/route.ts'
import { useSetPassword } from '../http/queries.ts'
import { Field, PasswordField } from '../parts/fields.tsx'
import { NarrowPage } from '../parts/frame.tsx'
import { Icon } from '../parts/icons.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { WorkingButton } from '../parts/working-button.tsx'

const PASSWORD_CHARS = 12

function PasswordRule({ length }: { readonly length: number }) {
  const t = useTranslations('account')
  if (length === 0) return t('rule', { n: PASSWORD_CHARS })
  if (length < PASSWORD_CHARS) return t('left', { n: PASSWORD_CHARS - length })
  return (
    <span className="good">
      <Icon name="check" />
      {t('enough')}
    </span>
  )
}

/** Name, address and password of the signed-in. */
export function Account({ user }: { readonly user: StaffUser }) {
  const t = useTranslations('account')
  const save = useSetPassword()
  const [name, setName] = useState(user.passwordSet ? user.name : '')
  const [email, setEmail] = useState(user.passwordSet ? user.email : '')
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const wanted: PasswordRequest = {
    password,
    name: name.trim(),
    email: email.trim(),
    ...(user.passwordSet ? { current } : {}),
  }
  return (
    <NarrowPage title={user.passwordSet ? t('change') : t('setUp')}>
      {!user.passwordSet && <p className="muted">{t('why')}</p>}
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate(wanted, { onSuccess: () => go({ page: 'classes' }) })
        }}
      >
        <Field label={t('name')} autoComplete="name" value={name} onChange={setName} isRequired maxLength={120} />
        <Field
          label={t('email')}
          type="email"
          autoComplete="username"
          value={email}
          onChange={setEmail}
          isRequired
          maxLength={254}
        />
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
          <WorkingButton className="button primary" isWorking={save.isPending}>
            {t('submit')}
          </WorkingButton>
          <a className="button quiet" href={hrefOf({ page: 'classes' })}>
            {t('later')}
          </a>
        </div>
      </Form>
    </NarrowPage>
  )
}

/** Reminds whoever came by link that the link does not work again. */
export function PasswordBanner({ user }: { readonly user: StaffUser }) {
  const t = useTranslations('account')
  if (user.passwordSet) return null
  return (
    <p className="banner">
      <Icon name="key" />
      <span>{t('banner')}</span>
      <a href={hrefOf({ page: 'account' })}>{t('bannerAction')}</a>
    </p>
  )
}
