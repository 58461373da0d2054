import { lazy, Suspense } from 'react'
import type { StaffUser } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { go } from '../app/route.ts'
import { ApiProblem } from '../http/problem.ts'
import { useClass } from '../http/queries.ts'
import { NarrowPage } from '../parts/frame.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { may } from './may.ts'
import { Wall } from './wall.tsx'

/** Few see a class only as a whole, so it does not come with the first page. */
const WholePage = lazy(async () => ({ default: (await import('../manage/whole-page.tsx')).WholePage }))

interface ClassPageProps {
  readonly classId: string
  /** The student who is looked at, if any. */
  readonly student: string | undefined
  readonly user: StaffUser
}

/** One class, as far as one may see it. */
export function ClassPage({ classId, student, user }: ClassPageProps) {
  const t = useTranslations('app')
  const { data: info, error, refetch } = useClass(classId)
  const isFinal = error instanceof ApiProblem && (error.status === 403 || error.status === 404)
  if (error && (isFinal || !info)) {
    return (
      <NarrowPage title={t('name')}>
        <ProblemNote error={error} onRetry={isFinal ? undefined : () => void refetch()} />
        <Button className="button primary" onPress={() => go({ page: 'classes' })}>
          {t('toClasses')}
        </Button>
      </NarrowPage>
    )
  }
  const loading = (
    <p className="first-loading" role="status">
      {t('loading')}
    </p>
  )
  if (!info) return loading
  if (may(info, 'students.see')) return <Wall info={info} student={student} user={user} />
  return (
    <Suspense fallback={loading}>
      <WholePage info={info} user={user} />
    </Suspense>
  )
}
