import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import type { ErrorGroup } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { nameOf, type Names } from '../class/overview.ts'
import { Icon } from '../parts/icons.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { lastFailure } from './last-failure.ts'

interface ExampleProps {
  readonly classId: string
  readonly groupKey: string
  readonly group: ErrorGroup
  readonly names: Names
}

/** The code of one student of the group after the other: each look is noted and told to the student. */
export function ExampleCode({ classId, groupKey, group, names }: ExampleProps) {
  const t = useTranslations('groups')
  const app = useTranslations('app')
  const [at, setAt] = useState<number>()
  const students = Object.keys(group.students)
  const student = at === undefined ? undefined : students[at % students.length]
  const { data, isFetching, error, refetch } = useQuery({
    queryKey: ['example-code', classId, groupKey, student],
    enabled: student !== undefined,
    staleTime: Infinity,
    queryFn: () => lastFailure(classId, { student: student ?? '', cell: group.cell.id }),
  })
  if (student === undefined) {
    return (
      <Button className="button" onPress={() => setAt(0)}>
        <Icon name="search" />
        {t('code')}
      </Button>
    )
  }
  return (
    <div className="example">
      <div className="example-head">
        <p className="small">
          <strong>{nameOf(names, student)}</strong> <span className="muted">{t('codeNoted')}</span>
        </p>
        {students.length > 1 && (
          <Button className="button small-button" onPress={() => setAt((at ?? 0) + 1)}>
            {t('another')}
          </Button>
        )}
        <Button className="button small-button" onPress={() => setAt(undefined)}>
          {app('close')}
        </Button>
      </div>
      {isFetching && <p role="status">{app('loading')}</p>}
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {data && (
        <>
          <pre className="example-code">{data.source ?? t('noCode')}</pre>
          {data.message !== undefined && <pre className="example-message">{data.message}</pre>}
        </>
      )}
    </div>
  )
}
