import { Button } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { ApiProblem } from '../http/problem.ts'
import { Icon } from '../parts/icons.tsx'
import { useProblemText } from '../parts/problem-note.tsx'
import { Select } from '../parts/select.tsx'
import { useGoing, useHelpers } from './queries.ts'
import type { Waiting } from './queue.ts'

interface GoingProps {
  readonly classId: string
  /** Id of whoever looks. */
  readonly me: string
  readonly name: string
  readonly entry: Waiting
}

/** Who goes to the student, and the ways to change that: go, take over, send a colleague, not any more. */
export function GoingTools({ classId, me, name, entry }: GoingProps) {
  const t = useTranslations('queue')
  const problem = useProblemText()
  const going = useGoing(classId)
  const { helpers } = useHelpers(classId)
  const { student, request } = entry
  const by = request.claimed?.by
  const colleagues = helpers.filter(({ id }) => id !== me && id !== by)
  const isHeld = going.error instanceof ApiProblem && going.error.code === 'conflict'
  return (
    <>
      {by === undefined && (
        <Button
          className="button primary"
          aria-label={t('goTo', { name })}
          isDisabled={going.isPending}
          onPress={() => going.mutate({ student })}
        >
          <Icon name="next" />
          {t('go')}
        </Button>
      )}
      {by === me && (
        <Button
          className="button"
          isDisabled={going.isPending}
          onPress={() => going.mutate({ student, release: true })}
        >
          {t('release')}
        </Button>
      )}
      {by !== undefined && by !== me && (
        <Button className="button" isDisabled={going.isPending} onPress={() => going.mutate({ student, user: me })}>
          {t('takeOver')}
        </Button>
      )}
      {colleagues.length > 0 && (
        <Select
          label={t('sendFor', { name })}
          isLabelHidden
          value=""
          options={[{ id: '', text: t('send') }, ...colleagues.map((one) => ({ id: one.id, text: one.name }))]}
          onChange={(user) => {
            if (user !== '') going.mutate({ student, user })
          }}
        />
      )}
      {going.isError && (
        <p className="field-error" role="alert">
          {isHeld ? t('held') : problem(going.error)}
        </p>
      )}
    </>
  )
}
