import { useState } from 'react'
import type { Factors, TotpSetup } from '@lectern/protocol'
import { Button, Form } from 'react-aria-components'
import { useFormatter, useTranslations } from 'use-intl'
import { Answered, SureButton } from '../system/parts.tsx'
import { CopyButton, CopyLine } from '../parts/copy-line.tsx'
import { Sheet } from '../parts/dialog.tsx'
import { Field } from '../parts/fields.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { staffApi } from './api.ts'
import { useChange, useFactors } from './queries.ts'
import { useConfirmed } from './use-confirmed.tsx'

type Run = ReturnType<typeof useConfirmed>['run']

/** In four groups, so that it can be typed without losing the place. */
const grouped = (secret: string) => (secret.match(/.{1,4}/g) ?? []).join(' ')

function Codes({ codes, onKept }: { readonly codes: readonly string[]; readonly onKept: () => void }) {
  const t = useTranslations('account')
  return (
    <Sheet title={t('codesTitle')} isOpen onClose={onKept}>
      <div className="form">
        <p>{t('codesText')}</p>
        <ul className="recovery-codes">
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ul>
        <div className="actions">
          <Button className="button primary" onPress={onKept} autoFocus>
            {t('codesKept')}
          </Button>
          <CopyButton text={codes.join('\n')} label={t('allCodes')} />
        </div>
      </div>
    </Sheet>
  )
}

interface SetUpProps {
  readonly setup: TotpSetup
  readonly run: Run
  readonly onCodes: (codes: readonly string[]) => void
}

function SetUpApp({ setup, run, onCodes }: SetUpProps) {
  const t = useTranslations('account')
  const [code, setCode] = useState('')
  const confirm = useChange('factors', (typed: string) => run(() => staffApi.confirmTotp(typed)))
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        // This part is gone when the answer is there; what went wrong is shown below.
        confirm.mutateAsync(code).then(
          ({ codes }) => onCodes(codes),
          () => undefined,
        )
      }}
    >
      <p>{t('appScan')}</p>
      <img
        className="qr"
        src={`data:image/svg+xml,${encodeURIComponent(setup.svg)}`}
        alt={t('appPicture')}
        width={192}
        height={192}
      />
      <p className="muted">{t('appSecret')}</p>
      <CopyLine text={grouped(setup.secret)} label={t('appSecret')} />
      <Field
        label={t('appCode')}
        value={code}
        onChange={setCode}
        autoComplete="one-time-code"
        inputMode="numeric"
        isRequired
        maxLength={7}
      />
      {confirm.error && <ProblemNote error={confirm.error} />}
      <WorkingButton className="button primary" isWorking={confirm.isPending}>
        {t('appConfirm')}
      </WorkingButton>
    </Form>
  )
}

interface StateProps {
  readonly factors: Factors
  readonly run: Run
  readonly onCodes: (codes: readonly string[]) => void
}

function AppOn({ factors, run, onCodes }: StateProps) {
  const t = useTranslations('account')
  const format = useFormatter()
  const remove = useChange('factors', () => run(staffApi.removeTotp))
  const renew = useChange('factors', () => run(staffApi.newCodes))
  const date = format.dateTime(factors.totpSince ?? 0, { dateStyle: 'medium' })
  const error = remove.error ?? renew.error
  return (
    <>
      <p>{t('appOn', { date })}</p>
      <p className="muted">{t('codesLeft', { n: factors.recoveryCodes })}</p>
      {error && <ProblemNote error={error} />}
      <div className="actions">
        <WorkingButton
          className="button"
          isWorking={renew.isPending}
          onPress={() => renew.mutate(undefined, { onSuccess: ({ codes }) => onCodes(codes) })}
        >
          {t('newCodes')}
        </WorkingButton>
        <SureButton
          label={t('appStop')}
          about={t('app')}
          isWorking={remove.isPending}
          onConfirm={() => remove.mutate(undefined)}
        />
      </div>
    </>
  )
}

function AppOff({ run, onCodes }: Omit<StateProps, 'factors'>) {
  const t = useTranslations('account')
  const [setup, setSetup] = useState<TotpSetup>()
  const begin = useChange('factors', () => run(staffApi.beginTotp))
  if (setup) return <SetUpApp setup={setup} run={run} onCodes={onCodes} />
  return (
    <>
      <p>{t('appOff')}</p>
      {begin.error && <ProblemNote error={begin.error} />}
      <div className="actions">
        <WorkingButton
          className="button"
          isWorking={begin.isPending}
          onPress={() => begin.mutate(undefined, { onSuccess: setSetup })}
        >
          {t('appStart')}
        </WorkingButton>
      </div>
    </>
  )
}

/** The second factor: an authenticator app, and recovery codes. */
export function AppSection() {
  const t = useTranslations('account')
  const query = useFactors()
  const { run, dialog } = useConfirmed()
  const [codes, setCodes] = useState<readonly string[]>()
  return (
    <section className="card staff-card">
      <h2>{t('app')}</h2>
      <Answered query={query}>
        {(factors) =>
          factors.totpSince === undefined ? (
            <AppOff run={run} onCodes={setCodes} />
          ) : (
            <AppOn factors={factors} run={run} onCodes={setCodes} />
          )
        }
      </Answered>
      {codes && <Codes codes={codes} onKept={() => setCodes(undefined)} />}
      {dialog}
    </section>
  )
}
