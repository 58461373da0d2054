import type { ReactNode } from 'react'
import type { ClassState } from '@lectern/protocol'
import { useFormatter, useTranslations } from 'use-intl'
import { useDuration } from '../i18n/duration.ts'
import { Sheet } from '../parts/dialog.tsx'
import { Icon, KindBadge } from '../parts/icons.tsx'
import { WriteButton } from '../talk/write-button.tsx'
import type { Row } from './overview.ts'
import { notebookName } from './progress.ts'
import { cellNumber, useReason } from './use-reason.ts'

interface StudentSheetProps {
  readonly row: Row | undefined
  readonly errors: ClassState['errors']
  /** The server's clock, ms. */
  readonly now: number
  /** Address of everything that the student did, for who may see it. */
  readonly story: string | undefined
  readonly isOpen: boolean
  readonly onClose: () => void
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Streak({ row, errors }: { readonly row: Row; readonly errors: ClassState['errors'] }) {
  const t = useTranslations('student')
  const help = useTranslations('help')
  const { streak } = row.student
  if (!streak) return null
  const others = Object.keys(errors[streak.group]?.students ?? {}).filter((id) => id !== row.id).length
  return (
    <section className="sheet-part">
      <h3>{t('streak')}</h3>
      <div className="request-error">
        <code>
          <strong>{streak.name}</strong>
          {streak.message !== undefined && streak.message !== '' && `: ${streak.message}`}
        </code>
        <span>{t('streakText', { n: streak.count, cell: cellNumber(streak.index) })}</span>
        {others > 0 && <span className="others">{help('others', { n: others })}</span>}
      </div>
    </section>
  )
}

function Facts({ row: { student }, now }: { readonly row: Row; readonly now: number }) {
  const t = useTranslations('student')
  const format = useFormatter()
  const duration = useDuration()
  return (
    <dl className="facts">
      {student.notebook && <Fact name={t('notebook')}>{student.notebook.path || notebookName(student.notebook)}</Fact>}
      {student.cell && <Fact name={t('cell')}>{cellNumber(student.cell.index)}</Fact>}
      <Fact name={t('runs')}>{format.number(student.executions)}</Fact>
      <Fact name={t('failures')}>{format.number(student.failures)}</Fact>
      <Fact name={t('lastSeen')}>{t('ago', { duration: duration(now - student.lastAt) })}</Fact>
      <Fact name={t('firstSeen')}>{format.dateTime(student.firstAt, { timeStyle: 'short', dateStyle: 'medium' })}</Fact>
      {student.kernel !== undefined && <Fact name={t('kernel')}>{student.kernel}</Fact>}
      {student.online && student.focus !== undefined && (
        <Fact name={t('focus')}>{student.focus ? t('yes') : t('no')}</Fact>
      )}
      {student.missing !== undefined && <Fact name={t('missing')}>{t('missingText', { n: student.missing })}</Fact>}
    </dl>
  )
}

function About({
  row,
  errors,
  now,
  story,
}: { readonly row: Row } & Pick<StudentSheetProps, 'errors' | 'now' | 'story'>) {
  const told = useTranslations('story')
  const t = useTranslations('student')
  const kinds = useTranslations('kind')
  const help = useTranslations('help')
  const reason = useReason()
  return (
    <>
      <div className={`sheet-state kind-${row.phase.kind}`}>
        <KindBadge kind={row.phase.kind} />
        <div>
          <strong>{kinds(row.phase.kind)}</strong>
          <p>{reason(row.phase, now)}</p>
        </div>
      </div>
      <div className="actions">
        <WriteButton row={row} />
      </div>
      {story !== undefined && row.student.sharing !== false && (
        <p className="actions">
          <a className="button" href={story}>
            <Icon name="list" />
            {told('open')}
          </a>
        </p>
      )}
      {row.help && (
        <section className="sheet-part">
          <h3>{t('help')}</h3>
          {row.help.message ? <blockquote>{row.help.message}</blockquote> : <p>{help('noSentence')}</p>}
        </section>
      )}
      <Streak row={row} errors={errors} />
      <Facts row={row} now={now} />
      {row.student.clockOff && (
        <p className="muted small note">
          <Icon name="failing" />
          {t('clockOff')}
        </p>
      )}
    </>
  )
}

/** One student beside the class. */
export function StudentSheet({ row, isOpen, onClose, ...about }: StudentSheetProps) {
  const t = useTranslations('student')
  return (
    <Sheet place="side" title={row?.name ?? t('title')} isOpen={isOpen} onClose={onClose}>
      {row ? <About row={row} {...about} /> : <p>{t('gone')}</p>}
    </Sheet>
  )
}
