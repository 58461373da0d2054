import { useState } from 'react'
import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { LANGUAGES, prefer, THEMES, usePreferences } from '../app/preferences.ts'
import { hrefOf } from '../app/route.ts'
import { useSession, useSignOut } from '../http/queries.ts'
import { Choice } from './fields.tsx'
import { Icon } from './icons.tsx'
import { KeySheet } from './key-sheet.tsx'

const LANGUAGE_NAMES = { en: 'English', ja: '日本語' } as const

function DisplayChoices() {
  const t = useTranslations('menu')
  const { language, theme, highContrast } = usePreferences()
  return (
    <>
      <Choice
        label={t('language')}
        value={language}
        options={LANGUAGES.map((id) => ({ id, text: LANGUAGE_NAMES[id], lang: id }))}
        onChange={(chosen) => prefer({ language: chosen })}
      />
      <Choice
        label={t('theme')}
        value={theme}
        options={THEMES.map((id) => ({ id, text: t(id) }))}
        onChange={(chosen) => prefer({ theme: chosen })}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={highContrast}
          onChange={({ target }) => prefer({ highContrast: target.checked })}
        />
        {t('contrast')}
      </label>
    </>
  )
}

/** For the projector: what the class sees must name nobody. */
function Presentation() {
  const t = useTranslations('menu')
  const { isPresenting } = usePreferences()
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={isPresenting}
        onChange={({ target }) => prefer({ isPresenting: target.checked })}
      />
      <span>
        {t('present')} <span className="muted">{t('presentText')}</span>
      </span>
    </label>
  )
}

function Account({ close }: { readonly close: () => void }) {
  const t = useTranslations('menu')
  const { data } = useSession()
  const signOut = useSignOut()
  const system = useTranslations('system')
  if (!data) return null
  return (
    <div className="menu-account">
      <p>
        <span className="muted">{t('signedInAs')}</span>
        <strong>{data.user.name || data.user.email}</strong>
      </p>
      {data.user.role === 'admin' && (
        <a className="button quiet" href={hrefOf({ page: 'people' })} onClick={close}>
          <Icon name="people" />
          {t('people')}
        </a>
      )}
      {data.user.role === 'admin' && (
        <a className="button quiet" href={hrefOf({ page: 'system', section: 'overview' })} onClick={close}>
          <Icon name="settings" />
          {system('open')}
        </a>
      )}
      <a className="button quiet" href={hrefOf({ page: 'account' })} onClick={close}>
        <Icon name="person" />
        {t('account')}
      </a>
      <Button
        className="button quiet"
        onPress={() => {
          signOut.mutate()
          close()
        }}
      >
        <Icon name="away" />
        {t('signOut')}
      </Button>
    </div>
  )
}

/** Language, appearance, keyboard and account, behind one button. */
export function Menu() {
  const t = useTranslations('menu')
  const [open, setOpen] = useState(false)
  const [keys, setKeys] = useState(false)
  return (
    <>
      <DialogTrigger isOpen={open} onOpenChange={setOpen}>
        <Button className="button icon-only" aria-label={t('open')}>
          <Icon name="person" />
        </Button>
        <Popover className="popover" placement="bottom end">
          <Dialog className="dialog menu" aria-label={t('open')}>
            <DisplayChoices />
            <Presentation />
            <Button
              className="button quiet"
              onPress={() => {
                setOpen(false)
                setKeys(true)
              }}
            >
              <Icon name="question" />
              {t('keys')}
            </Button>
            <Account close={() => setOpen(false)} />
          </Dialog>
        </Popover>
      </DialogTrigger>
      <KeySheet isOpen={keys} onClose={() => setKeys(false)} />
    </>
  )
}

/** The same choices without an account, for pages before the sign-in. */
export function DisplayBar() {
  return (
    <div className="display-bar">
      <DisplayChoices />
    </div>
  )
}
