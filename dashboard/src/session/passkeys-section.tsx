import { useState } from 'react'
import { browserSupportsWebAuthn } from '@simplewebauthn/browser'
import { LIMITS, type Factors, type PasskeyInfo } from '@lectern/protocol'
import { Button, Form } from 'react-aria-components'
import { useFormatter, useTranslations } from 'use-intl'
import { Answered, SureButton } from '../system/parts.tsx'
import { Field } from '../parts/fields.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { staffApi } from './api.ts'
import { PasskeyProblem } from './passkey-problem.tsx'
import { useChange, useFactors } from './queries.ts'
import { useConfirmed } from './use-confirmed.tsx'

type Run = ReturnType<typeof useConfirmed>['run']

interface NameFormProps {
  readonly label: string
  readonly hint?: string
  readonly submit: string
  readonly first: string
  readonly isWorking: boolean
  readonly onName: (name: string) => void
}

function NameForm({ label, hint, submit, first, isWorking, onName }: NameFormProps) {
  const [name, setName] = useState(first)
  return (
    <Form
      className="form staff-inline"
      onSubmit={(event) => {
        event.preventDefault()
        onName(name.trim())
      }}
    >
      <Field
        label={label}
        value={name}
        onChange={setName}
        isRequired
        autoFocus
        maxLength={LIMITS.nameChars}
        {...(hint === undefined ? {} : { hint })}
      />
      <WorkingButton className="button primary" isWorking={isWorking}>
        {submit}
      </WorkingButton>
    </Form>
  )
}

function Row({ info, run }: { readonly info: PasskeyInfo; readonly run: Run }) {
  const t = useTranslations('account')
  const format = useFormatter()
  const [naming, setNaming] = useState(false)
  const rename = useChange('factors', (name: string) => staffApi.renamePasskey(info.id, name))
  const remove = useChange('factors', () => run(() => staffApi.removePasskey(info.id)))
  const { usedAt, name } = info
  const used =
    usedAt === undefined
      ? t('passkeyNew')
      : t('passkeyUsed', { date: format.dateTime(usedAt, { dateStyle: 'medium' }) })
  const error = rename.error ?? remove.error
  return (
    <li className="staff-row">
      {naming ? (
        <NameForm
          label={t('passkeyName')}
          submit={t('rename')}
          first={name}
          isWorking={rename.isPending}
          onName={(wanted) => rename.mutate(wanted, { onSuccess: () => setNaming(false) })}
        />
      ) : (
        <div>
          <strong>{name}</strong>
          <span className="muted">{used}</span>
        </div>
      )}
      {!naming && (
        <div className="actions">
          <Button
            className="button small-button"
            aria-label={`${t('rename')}: ${name}`}
            onPress={() => setNaming(true)}
          >
            {t('rename')}
          </Button>
          <SureButton
            label={t('remove')}
            about={name}
            isWorking={remove.isPending}
            onConfirm={() => remove.mutate(undefined)}
          />
        </div>
      )}
      {error && <PasskeyProblem error={error} />}
    </li>
  )
}

function Passkeys({ factors, run }: { readonly factors: Factors; readonly run: Run }) {
  const t = useTranslations('account')
  const [adding, setAdding] = useState(false)
  const add = useChange('factors', (name: string) => run(() => staffApi.addPasskey(name)))
  const { passkeys, passkeysPossible } = factors
  return (
    <>
      {passkeys.length === 0 ? (
        <p>{t('passkeysNone')}</p>
      ) : (
        <ul className="staff-rows">
          {passkeys.map((info) => (
            <Row key={info.id} info={info} run={run} />
          ))}
        </ul>
      )}
      {!passkeysPossible && <p className="muted">{t('passkeysNot')}</p>}
      {passkeysPossible && browserSupportsWebAuthn() && !adding && (
        <div className="actions">
          <Button className="button" onPress={() => setAdding(true)}>
            {t('passkeyAdd')}
          </Button>
        </div>
      )}
      {adding && (
        <NameForm
          label={t('passkeyName')}
          hint={t('passkeyHint')}
          submit={t('passkeyAdd')}
          first=""
          isWorking={add.isPending}
          onName={(name) => add.mutate(name, { onSuccess: () => setAdding(false) })}
        />
      )}
      {add.error && <PasskeyProblem error={add.error} />}
    </>
  )
}

/** One's own passkeys. */
export function PasskeysSection() {
  const t = useTranslations('account')
  const query = useFactors()
  const { run, dialog } = useConfirmed()
  return (
    <section className="card staff-card">
      <h2>{t('passkeys')}</h2>
      <p className="muted">{t('passkeysText')}</p>
      <Answered query={query}>{(factors) => <Passkeys factors={factors} run={run} />}</Answered>
      {dialog}
    </section>
  )
}
