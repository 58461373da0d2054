import { useCallback, useState } from 'react'
import type { JoinCode, NewCode } from '@lectern/protocol'
import { Button, Form } from 'react-aria-components'
import { useFormatter, useTranslations } from 'use-intl'
import { isOver } from '../class/open-codes.ts'
import { useCodes, useEditCodes, useRoster } from '../http/queries.ts'
import { CopyButton } from '../parts/copy-line.tsx'
import { Field } from '../parts/fields.tsx'
import { Icon } from '../parts/icons.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Select } from '../parts/select.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { useDelayed, type Delayed } from './delayed.ts'

const HOUR_MS = 3_600_000
/** How long a code lasts, ms. */
const LASTING = {
  never: undefined,
  hours: 12 * HOUR_MS,
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
  month: 30 * 24 * HOUR_MS,
} as const
type Lasting = keyof typeof LASTING
const LASTINGS = Object.keys(LASTING) as Lasting[]

/** When the code ends, or why nobody can join by it any more. */
function useEndText(): (code: JoinCode, now: number) => string {
  const t = useTranslations('manage.codes')
  const format = useFormatter()
  return (code, now) => {
    if (code.expiresAt === undefined) return isOver(code, now) ? t('usedUp') : t('never')
    const date = format.dateTime(code.expiresAt, { dateStyle: 'medium', timeStyle: 'short' })
    if (code.expiresAt <= now) return t('over', { date })
    return isOver(code, now) ? t('usedUp') : date
  }
}

interface CodeRowProps {
  readonly code: JoinCode
  /** Name of the student to whom it belongs. */
  readonly owner: string | undefined
  readonly now: number
  readonly isWaiting: boolean
  readonly delayed: Delayed | undefined
}

function Tools({ code, isWaiting, delayed }: CodeRowProps) {
  const t = useTranslations('manage.codes')
  const undo = useTranslations('manage')('undo')
  if (!delayed) return null
  if (!isWaiting) {
    const label = t('withdrawOf', { code: code.code })
    return (
      <Button className="button quiet" aria-label={label} onPress={() => delayed.begin(code.code)}>
        {t('withdraw')}
      </Button>
    )
  }
  return (
    <Button
      className="button"
      aria-label={t('undoOf', { code: code.code })}
      onPress={() => delayed.undo(code.code)}
      autoFocus
    >
      <Icon name="undo" />
      {undo}
    </Button>
  )
}

function CodeRow(props: CodeRowProps) {
  const { code, owner, now, isWaiting } = props
  const t = useTranslations('manage.codes')
  const endText = useEndText()
  const { uses, maxUses } = code
  const over = isOver(code, now)
  return (
    <tr className={isWaiting || over ? 'is-over' : ''}>
      <th scope="row" data-label={t('code')}>
        <code>{code.code}</code>
        {!over && !isWaiting && <CopyButton text={code.code} label={code.code} />}
      </th>
      <td data-label={t('for')}>{code.student === undefined ? t('everyone') : (owner ?? t('someone'))}</td>
      <td data-label={t('uses')}>{maxUses === undefined ? uses : t('usesOf', { uses, most: maxUses })}</td>
      <td data-label={t('ends')}>{endText(code, now)}</td>
      <td className="row-tools">
        <Tools {...props} />
      </td>
    </tr>
  )
}

function NewCodeForm({ make }: { readonly make: ReturnType<typeof useEditCodes>['make'] }) {
  const t = useTranslations('manage.codes')
  const [lasting, setLasting] = useState<Lasting>('never')
  const [most, setMost] = useState('')
  const wanted = (): NewCode => {
    const expiresInMs = LASTING[lasting]
    return {
      ...(expiresInMs === undefined ? {} : { expiresInMs }),
      ...(Number(most) > 0 ? { maxUses: Number(most) } : {}),
    }
  }
  return (
    <Form
      className="form new-code"
      onSubmit={(event) => {
        event.preventDefault()
        make.mutate(wanted(), { onSuccess: () => setMost('') })
      }}
    >
      <h3>{t('make')}</h3>
      <Select
        label={t('until')}
        value={lasting}
        options={LASTINGS.map((id) => ({ id, text: t(`until_${id}`) }))}
        onChange={setLasting}
      />
      <Field
        label={t('most')}
        hint={t('mostHint')}
        value={most}
        onChange={(typed) => setMost(typed.normalize('NFKC').replaceAll(/\D/g, '').slice(0, 4))}
      />
      <WorkingButton className="button primary" isWorking={make.isPending}>
        <Icon name="plus" />
        {t('submit')}
      </WorkingButton>
    </Form>
  )
}

interface CodeTableProps {
  readonly codes: readonly JoinCode[]
  readonly names: ReadonlyMap<string, string>
  readonly delayed: ReturnType<typeof useDelayed>
  readonly mayManage: boolean
}

function CodeTable({ codes, names, delayed, mayManage }: CodeTableProps) {
  const t = useTranslations('manage.codes')
  const now = Date.now()
  return (
    <table className="rows">
      <thead>
        <tr>
          {(['code', 'for', 'uses', 'ends'] as const).map((name) => (
            <th key={name} scope="col">
              {t(name)}
            </th>
          ))}
          <td />
        </tr>
      </thead>
      <tbody>
        {codes.map((code) => (
          <CodeRow
            key={code.code}
            code={code}
            owner={code.student === undefined ? undefined : names.get(code.student)}
            now={now}
            isWaiting={delayed.waiting.has(code.code)}
            delayed={mayManage ? delayed : undefined}
          />
        ))}
      </tbody>
    </table>
  )
}

interface CodesSectionProps {
  readonly classId: string
  readonly mayManage: boolean
}

/** Join codes: how long, for how many, for whom. A code that is being withdrawn can be kept for some seconds. */
export function CodesSection({ classId, mayManage }: CodesSectionProps) {
  const t = useTranslations('manage.codes')
  const loading = useTranslations('app')('loading')
  const { data, error, refetch } = useCodes(classId)
  const { data: roster } = useRoster(classId)
  const { make, withdraw } = useEditCodes(classId)
  const { mutateAsync } = withdraw
  const delayed = useDelayed(useCallback((code: string) => mutateAsync(code), [mutateAsync]))
  const names = new Map(roster?.students.map(({ id, name }) => [id, name]))
  const open = data?.codes.filter(({ student }) => student === undefined) ?? []
  const own = data?.codes.filter(({ student }) => student !== undefined) ?? []
  const table = { names, delayed, mayManage }
  const fault = make.error ?? withdraw.error
  return (
    <section className="card manage-card" aria-labelledby="codes-title">
      <h2 id="codes-title">{t('title')}</h2>
      <p className="muted">{t('text')}</p>
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <p role="status">{loading}</p>}
      {data && open.length === 0 && <p className="empty">{t('empty')}</p>}
      {open.length > 0 && <CodeTable codes={open} {...table} />}
      {own.length > 0 && (
        <details className="own-codes">
          <summary>{t('own', { n: own.length })}</summary>
          <CodeTable codes={own} {...table} />
        </details>
      )}
      <p className="off-screen" role="status">
        {[...delayed.waiting].map((code) => t('withdrawn', { code })).join(' ')}
      </p>
      {fault && <ProblemNote error={fault} />}
      {mayManage && <NewCodeForm make={make} />}
    </section>
  )
}
