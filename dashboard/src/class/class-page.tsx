import { useEffect } from 'react'
import type { StaffUser } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { go, type ClassPlace } from '../app/route.ts'
import { ApiProblem } from '../http/problem.ts'
import { useClass } from '../http/queries.ts'
import { NarrowPage } from '../parts/frame.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { ClassShell } from '../shell/class-shell.tsx'
import { VIEWS } from '../shell/views.ts'

interface ClassPageProps {
  readonly place: ClassPlace
  readonly user: StaffUser
}

/** One class, as far as one may see it. */
export function ClassPage({ place, user }: ClassPageProps) {
  const t = useTranslations('app')
  const { data: info, error, refetch } = useClass(place.id)
  // The view is on its way while the class is asked for; one that fails to come is asked for again when it is shown.
  useEffect(() => {
    void VIEWS.find(({ name }) => name === place.view)
      ?.load()
      .catch(() => undefined)
  }, [place.view])
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
  if (!info) {
    return (
      <p className="first-loading" role="status">
        {t('loading')}
      </p>
    )
  }
  return <ClassShell info={info} place={place} user={user} />
}
