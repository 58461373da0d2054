import { useState } from 'react'
import type { ClassInfo, StaffUser } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { useClasses } from '../http/queries.ts'
import { Sheet } from '../parts/dialog.tsx'
import { TopBar } from '../parts/frame.tsx'
import { Icon } from '../parts/icons.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { PasswordBanner } from '../session/account.tsx'
import { ClassCard } from './class-card.tsx'
import { NewClassForm } from './new-class.tsx'

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

/** Classes that are put away: out of sight until they are asked for. */
function ArchivedClasses({ classes }: { readonly classes: readonly ClassInfo[] }) {
  const t = useTranslations('classCards')
  if (classes.length === 0) return null
  return (
    <details className="archived-classes">
      <summary>{t('archivedGroup', { n: classes.length })}</summary>
      <p className="muted">{t('archivedText')}</p>
      <ul className="class-cards">
        {classes.map((info) => (
          <ClassCard key={info.id} info={info} />
        ))}
      </ul>
    </details>
  )
}

function ClassLists({ classes }: { readonly classes: readonly ClassInfo[] }) {
  const t = useTranslations('classes')
  const cards = useTranslations('classCards')
  const newestFirst = classes.toSorted((a, b) => b.createdAt - a.createdAt)
  const there = newestFirst.filter(({ archivedAt }) => archivedAt === undefined)
  const open = there.filter(({ endedAt }) => endedAt === undefined)
  return (
    <>
      <ClassGroup title={cards('sessionGroup')} classes={open.filter(({ lesson }) => lesson !== undefined)} />
      <ClassGroup title={t('open')} classes={open.filter(({ lesson }) => lesson === undefined)} />
      <ClassGroup title={t('endedGroup')} classes={there.filter(({ endedAt }) => endedAt !== undefined)} />
      <ArchivedClasses classes={newestFirst.filter(({ archivedAt }) => archivedAt !== undefined)} />
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
