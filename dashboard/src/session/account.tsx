import { useState } from 'react'
import type { SessionAnswer, StaffUser } from '@lectern/protocol'
import { Form } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { go, hrefOf } from '../app/route.ts'
import { useSession, useSetPassword } from '../http/queries.ts'
import { Field, PasswordField } from '../parts/fields.tsx'
import { NarrowPage } from '../parts/frame.tsx'
import { Icon } from '../parts/icons.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { PasswordRule } from './password-rule.tsx'

/** True for who came by a link and could not come back without one. */
export const needsSetUp = ({ user, method }: SessionAnswer): boolean => method === 'link' && !user.passwordSet

/** Name, address and first password of who came by a link. */
export function SetUp({ user }: { readonly user: StaffUser }) {
  const t = useTranslations('account')
  const save = useSetPassword()
  const [name, setName] = useState(user.email === '' ? '' : user.name)
  const [email, setEmail] = useState(user.email)
  const [password, setPassword] = useState('')
  return (
    <NarrowPage title={t('setUp')}>
      <p className="muted">{t('why')}</p>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          const wanted = { password, name: name.trim(), email: email.trim() }
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
  const { data: session } = useSession()
  if (!session || !needsSetUp({ ...session, user })) return null
  return (
    <p className="banner">
      <Icon name="key" />
      <span>{t('banner')}</span>
      <a href={hrefOf({ page: 'account' })}>{t('bannerAction')}</a>
    </p>
  )
}
