import { useCallback, useEffect, useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import type { SecondFactorNeeded, SessionAnswer } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { FIRST_VIEW, go, hrefOf } from '../app/route.ts'
import { api } from '../http/api.ts'
import { NarrowPage } from '../parts/frame.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { staffApi } from './api.ts'
import { isNeeded, useSignIn } from './queries.ts'
import { SecondStep } from './second-step.tsx'

/** A link works once, so that it must not be sent twice, whatever the page does. */
const used = new Set<string>()

/** Signing in by link. Whoever has no class yet sets up the account first; the others see their class at once. */
export function Welcome({ link }: { readonly link: string }) {
  const t = useTranslations('session')
  const client = useQueryClient()
  const { mutateAsync, error } = useSignIn(staffApi.signIn)
  const [needed, setNeeded] = useState<SecondFactorNeeded>()

  const enter = useCallback(
    async ({ user, secondFactorNeeded }: SessionAnswer) => {
      if (secondFactorNeeded) return go({ page: 'account' }, { replace: true })
      const { classes } = await client.fetchQuery({ queryKey: ['classes'], queryFn: api.classes })
      const [only] = classes
      if (only && classes.length === 1)
        go({ page: 'class', id: only.id, view: FIRST_VIEW, query: {} }, { replace: true })
      else go({ page: user.passwordSet || only ? 'classes' : 'account' }, { replace: true })
    },
    [client],
  )
  useEffect(() => {
    if (used.has(link)) return
    used.add(link)
    const open = async () => {
      const answer = await mutateAsync({ link })
      if (isNeeded(answer)) setNeeded(answer)
      else await enter(answer)
    }
    // What went wrong with the link is shown below; without the classes the list of them says so.
    open().catch(() => undefined)
  }, [link, mutateAsync, enter])

  if (needed) {
    const onDone = (answer: SessionAnswer) => void enter(answer).catch(() => undefined)
    return <SecondStep needed={needed} onDone={onDone} onRestart={() => go({ page: 'classes' })} />
  }
  if (!error) {
    return (
      <NarrowPage title={t('title')}>
        <p role="status">{t('opening')}</p>
      </NarrowPage>
    )
  }
  return (
    <NarrowPage title={t('linkTitle')}>
      <ProblemNote error={error} />
      <a className="button primary" href={hrefOf({ page: 'classes' })}>
        {t('withPassword')}
      </a>
    </NarrowPage>
  )
}
