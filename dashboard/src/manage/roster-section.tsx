import type { ClassInfo, JoinCode, RosterEntry } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useFormatter, useTranslations } from 'use-intl'
import { isOver } from '../class/open-codes.ts'
import { may } from '../class/may.ts'
import { useCodes, useEditCodes, useRoster } from '../http/queries.ts'
import { Icon } from '../parts/icons.tsx'
import { printPart } from '../parts/print-part.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { TakeOut } from '../parts/take-out.tsx'
import { useDelayed } from './delayed.ts'
import { EnlistForm } from './enlist-form.tsx'
import { EditStudent } from './edit-student.tsx'
import { EraseStudent } from './erase-student.tsx'
import { useEraseStudent } from './queries.ts'
import { RosterFileForm } from './roster-file-form.tsx'
import { useRosterTable } from './use-roster-table.ts'

/** A student with the newest code of their own that works. */
export interface Listed {
  readonly entry: RosterEntry
  readonly code: JoinCode | undefined
}

function listed(entries: readonly RosterEntry[], codes: readonly JoinCode[], now: number): Listed[] {
  const own = new Map<string, JoinCode>()
  for (const code of codes) if (code.student !== undefined && !isOver(code, now)) own.set(code.student, code)
  const byName = entries.toSorted((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))
  return byName.map((entry) => ({ entry, code: own.get(entry.id) }))
}

interface StudentRowProps {
  readonly listed: Listed
  readonly onMake: ((student: string) => void) | undefined
  readonly onErase: ((student: string) => void) | undefined
  /** The class in which entries may be edited. */
  readonly editIn: string | undefined
}

function StudentRow({ listed: { entry, code }, onMake, onErase, editIn }: StudentRowProps) {
  const t = useTranslations('manage.roster')
  const format = useFormatter()
  const erase = useTranslations('privacy.erase')
  const { id, name, email, team, joinedAt, sharing } = entry
  return (
    <tr>
      <th scope="row" data-label={t('name')}>
        {name}
        {joinedAt !== undefined && sharing === false && <span className="muted row-note"> {erase('notSharing')}</span>}
      </th>
      <td data-label={t('email')}>{email}</td>
      <td data-label={t('team')}>{team}</td>
      <td data-label={t('joined')}>
        {joinedAt === undefined ? (
          <span className="muted">{t('notYet')}</span>
        ) : (
          format.dateTime(joinedAt, { dateStyle: 'medium' })
        )}
      </td>
      <td data-label={t('code')}>
        {code && <code>{code.code}</code>}
        {!code && onMake && (
          <Button
            className="button quiet small-button"
            aria-label={t('makeCodeFor', { name })}
            onPress={() => onMake(id)}
          >
            {t('makeCode')}
          </Button>
        )}
      </td>
      {(onErase ?? editIn) !== undefined && (
        <td className="row-tools">
          {editIn !== undefined && <EditStudent classId={editIn} entry={entry} />}
          {onErase && <EraseStudent entry={entry} onErase={onErase} />}
        </td>
      )}
    </tr>
  )
}

/** Codes to cut out and hand over; seen on paper only. */
function CodeSheet({ name, rows }: { readonly name: string; readonly rows: readonly Listed[] }) {
  const t = useTranslations('manage.roster')
  return (
    <ul className="code-sheet" aria-hidden="true" data-print="codes">
      {rows.map(({ entry, code }) => (
        <li key={entry.id}>
          <strong>{entry.name}</strong>
          <span>{t('printTitle', { name })}</span>
          <small>{t('printText')}</small>
          <small>
            {t('server')}: <code>{location.origin}</code>
          </small>
          <code className="code-sheet-code">{code?.code}</code>
        </li>
      ))}
    </ul>
  )
}

function RosterTable({ rows, ...acts }: { readonly rows: readonly Listed[] } & Omit<StudentRowProps, 'listed'>) {
  const erase = useTranslations('privacy.erase')
  const t = useTranslations('manage.roster')
  return (
    <table className="rows roster">
      <thead>
        <tr>
          {(['name', 'email', 'team', 'joined', 'code'] as const).map((name) => (
            <th key={name} scope="col">
              {t(name)}
            </th>
          ))}
          {(acts.onErase ?? acts.editIn) !== undefined && (
            <th scope="col">
              <span className="off-screen">{erase('button')}</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <StudentRow key={row.entry.id} listed={row} {...acts} />
        ))}
      </tbody>
    </table>
  )
}

/** Who is on the roster, with a code of their own for each who has one. */
export function RosterSection({ info }: { readonly info: ClassInfo }) {
  const eraseText = useTranslations('privacy.erase')
  const undo = useTranslations('manage')('undo')
  const t = useTranslations('manage.roster')
  const loading = useTranslations('app')('loading')
  const { data, error, refetch } = useRoster(info.id)
  const { data: codes } = useCodes(info.id)
  const { make } = useEditCodes(info.id)
  const erase = useEraseStudent(info.id)
  const erasing = useDelayed(erase.mutateAsync)
  const all = listed(data?.students ?? [], codes?.codes ?? [], Date.now())
  const rows = all.filter(({ entry }) => !erasing.waiting.has(entry.id))
  const table = useRosterTable()
  const printed = rows.filter(({ code }) => code !== undefined)
  const onMake = may(info, 'codes.manage') ? (student: string) => make.mutate({ student }) : undefined
  return (
    <section className="card manage-card" aria-labelledby="roster-title" data-print="roster">
      <header className="manage-head">
        <h2 id="roster-title">{t('title')}</h2>
        <div className="actions">
          {printed.length > 0 && (
            <Button className="button" onPress={() => printPart('codes')}>
              {t('print')}
            </Button>
          )}
          {rows.length > 0 && may(info, 'roster.edit') && (
            <TakeOut name={`${info.name} ${t('title')}`} table={() => table(rows)} print="roster" />
          )}
        </div>
      </header>
      <p className="muted">{t('text')}</p>
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <p role="status">{loading}</p>}
      {data && rows.length === 0 && <p className="empty">{t('empty')}</p>}
      {rows.length > 0 && (
        <RosterTable
          rows={rows}
          onMake={onMake}
          onErase={may(info, 'student.erase') ? erasing.begin : undefined}
          editIn={may(info, 'roster.edit') ? info.id : undefined}
        />
      )}
      <div role="status">
        {all
          .filter(({ entry }) => erasing.waiting.has(entry.id))
          .map(({ entry: { id, name } }) => (
            <p key={id} className="undo-line">
              {eraseText('waiting', { name })}
              <Button className="button" onPress={() => erasing.undo(id)}>
                <Icon name="undo" />
                {undo}
              </Button>
            </p>
          ))}
      </div>
      {erase.error && <ProblemNote error={erase.error} />}
      {make.error && <ProblemNote error={make.error} />}
      {may(info, 'roster.edit') && <EnlistForm classId={info.id} />}
      {data && may(info, 'roster.edit') && <RosterFileForm classId={info.id} roster={data.students} />}
      <CodeSheet name={info.name} rows={printed} />
    </section>
  )
}
