import { useRef, useState, type ReactNode } from 'react'
import { browserSupportsWebAuthn } from '@simplewebauthn/browser'
import type { ConfirmRequest } from '@lectern/protocol'
import { useMutation } from '@tanstack/react-query'
import { Form } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { ApiProblem } from '../http/problem.ts'
import { Sheet } from '../parts/dialog.tsx'
import { PasswordField } from '../parts/fields.tsx'
import { Icon } from '../parts/icons.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { showPasskey, staffApi } from './api.ts'
import { PasskeyProblem } from './passkey-problem.tsx'

interface ConfirmProps {
  readonly onDone: () => void
  readonly onClose: () => void
}

function ConfirmForm({ onDone, onClose }: ConfirmProps) {
  const t = useTranslations('confirm')
  const passkey = useTranslations('session')('usePasskey')
  const [password, setPassword] = useState('')
  const confirm = useMutation({
    mutationFn: async (typed: ConfirmRequest | undefined) =>
      staffApi.confirm(typed ?? { passkey: await showPasskey() }),
    onSuccess: onDone,
  })
  return (
    <Sheet title={t('title')} isOpen onClose={onClose}>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          confirm.mutate({ password })
        }}
      >
        <p>{t('text')}</p>
        <PasswordField
          label={t('password')}
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
          isRequired
          autoFocus
        />
        {confirm.error && <PasskeyProblem error={confirm.error} />}
        <div className="actions">
          <WorkingButton className="button primary" isWorking={confirm.isPending}>
            {t('submit')}
          </WorkingButton>
          {browserSupportsWebAuthn() && (
            <WorkingButton className="button" isWorking={confirm.isPending} onPress={() => confirm.mutate(undefined)}>
              <Icon name="key" />
              {passkey}
            </WorkingButton>
          )}
        </div>
        <p className="muted small">{t('other')}</p>
      </Form>
    </Sheet>
  )
}

/**
 * Lets an act that needs it ask once more who one is (SPEC AUT-14), and repeats it then. `dialog` must be shown.
 */
export function useConfirmed(): { run: <T>(act: () => Promise<T>) => Promise<T>; dialog: ReactNode } {
  const [asking, setAsking] = useState(false)
  const settle = useRef<(confirmed: boolean) => void>(undefined)
  const close = (confirmed: boolean) => {
    setAsking(false)
    settle.current?.(confirmed)
  }
  const run = async <T,>(act: () => Promise<T>): Promise<T> => {
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.code !== 'confirmation_needed') throw error
      const confirmed = new Promise<boolean>((resolve) => {
        settle.current = resolve
      })
      setAsking(true)
      if (await confirmed) return act()
      throw error
    }
  }
  const dialog = asking ? <ConfirmForm onDone={() => close(true)} onClose={() => close(false)} /> : null
  return { run, dialog }
}
