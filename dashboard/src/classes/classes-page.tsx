import { useState } from 'react'
import type { ClassInfo, StaffUser } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useFormatter, useTranslations } from 'use-intl'
import { hrefOfClass } from '../app/route.ts'
import { useClasses } from '../http/queries.ts'
import { Sheet } from '../parts/dialog.tsx'
import { TopBar } from '../parts/frame.tsx'
import { Icon } from '../parts/icons.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { PasswordBanner } from '../session/account.tsx'
import { NewClassForm } from './new-class.tsx'

function ClassCard({ info }: { readonly info: ClassInfo }) {
  const t = useTranslations('classes')
  const roles = useTranslations('manage.role')
  const format = useFormatter()
  const date = (ms: number) => format.dateTime(ms, { dateStyle: 'medium' })
  return (
    <li>
      <a className="card class-card" href={hrefOfClass(info)}>
        <strong>{info.name}</strong>
        {info.role !== 'admin' && info.role !== 'instructor' && <span className="role-mark">{roles(info.role)}</span>}
        <span className="muted">
          {info.endedAt === undefined
            ? t('made', { date: date(info.createdAt) })
            : t('ended', { date: date(info.endedAt) })}
        </span>
        <span className="class-card-foot">
          {info.firstEventAt === undefined && info.endedAt === undefined
            ? t('waiting')
            : t('students', { n: info.students })}
          <Icon name="next" />
        </span>
      </a>
    </li>
  )
}

function ClassGroup({ title, classes }: { readonly title: string; readonly classes: readonly ClassInfo[] }) {
  if (classes.length === 0) return null
  return (
    <section>
      <h2>{title}</h2>
      <ul className="class-cards">
        {classes.map((info) => (
          <ClassCard key={info.id} info={info} />
        ))}
      </ul>
    </section>
  )
}

function FirstClass() {
  const t = useTranslations('classes')
  return (
    <section className="card narrow-card first-class">
      <h2>{t('empty')}</h2>
      <p className="muted">{t('emptyText')}</p>
      <NewClassForm />
    </section>
  )
}

function ClassLists({ classes }: { readonly classes: readonly ClassInfo[] }) {
  const t = useTranslations('classes')
  const newestFirst = classes.toSorted((a, b) => b.createdAt - a.createdAt)
  return (
    <>
      <ClassGroup title={t('open')} classes={newestFirst.filter(({ endedAt }) => endedAt === undefined)} />
      <ClassGroup title={t('endedGroup')} classes={newestFirst.filter(({ endedAt }) => endedAt !== undefined)} />
    </>
  )
}

/** The classes that one may see; without any, the way to the first. */
export function ClassesPage({ user }: { readonly user: StaffUser }) {
  const t = useTranslations('classes')
  const loading = useTranslations('app')('loading')
  const { data, error, refetch } = useClasses()
  const [making, setMaking] = useState(false)
  const mayMake = user.role !== 'member'
  return (
    <>
      <TopBar title={t('title')}>
        {data && data.classes.length > 0 && mayMake && (
          <Button className="button primary" onPress={() => setMaking(true)}>
            <Icon name="plus" />
            {t('make')}
          </Button>
        )}
      </TopBar>
      <main id="main" className="page" tabIndex={-1}>
        <PasswordBanner user={user} />
        {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
        {!data && !error && <p role="status">{loading}</p>}
        {data && data.classes.length > 0 && <ClassLists classes={data.classes} />}
        {data && data.classes.length === 0 && (mayMake ? <FirstClass /> : <p className="card empty">{t('none')}</p>)}
      </main>
      <Sheet title={t('make')} isOpen={making} onClose={() => setMaking(false)}>
        <NewClassForm />
      </Sheet>
    </>
  )
}
