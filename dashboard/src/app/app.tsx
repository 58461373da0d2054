import { Component, lazy, Suspense, useEffect, useMemo, type ReactNode } from 'react'
import { QueryClientProvider } from '@tanstack/react-query'
import type { SessionAnswer } from '@lectern/protocol'
import { I18nProvider } from 'react-aria-components'
import { IntlProvider, useTranslations } from 'use-intl'
import { ClassPage } from '../class/class-page.tsx'
import { ClassesPage } from '../classes/classes-page.tsx'
import { createQueries, useSession } from '../http/queries.ts'
import { useSpoken } from '../i18n/load-messages.ts'
import { NarrowPage } from '../parts/frame.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { needsSetUp, SetUp } from '../session/account.tsx'
import { SignIn } from '../session/sign-in.tsx'
import { Welcome } from '../session/welcome.tsx'
import { usePreferences } from './preferences.ts'
import { hrefOf, readRoute, useFragment, type Route } from './route.ts'

/** Few open these, so they do not come with the first page. */
const SystemPage = lazy(async () => ({ default: (await import('../system/system-page.tsx')).SystemPage }))
const AccountPage = lazy(async () => ({ default: (await import('../session/account-page.tsx')).AccountPage }))
const PeoplePage = lazy(async () => ({ default: (await import('../session/people-page.tsx')).PeoplePage }))

function SignedIn({ route, session }: { readonly route: Route; readonly session: SessionAnswer }) {
  const t = useTranslations('app')
  const { user } = session
  const seldom = (page: ReactNode) => (
    <Suspense fallback={<p className="first-loading">{t('loading')}</p>}>{page}</Suspense>
  )
  if (route.page === 'account' || session.secondFactorNeeded) {
    return needsSetUp(session) ? (
      <SetUp key={user.id} user={user} />
    ) : (
      seldom(<AccountPage key={user.id} session={session} />)
    )
  }
  if (route.page === 'people') return seldom(<PeoplePage user={user} />)
  if (route.page === 'classes' || route.page === 'refused') return <ClassesPage user={user} />
  if (route.page === 'system') return seldom(<SystemPage section={route.section} user={user} />)
  if (route.page === 'class') return <ClassPage key={route.id} place={route} user={user} />
  return (
    <NarrowPage title={t('notFound')}>
      <a className="button primary" href={hrefOf({ page: 'classes' })}>
        {t('toClasses')}
      </a>
    </NarrowPage>
  )
}

function Pages() {
  const t = useTranslations('app')
  const fragment = useFragment()
  const route = useMemo(() => readRoute(fragment), [fragment])
  const { data, error, refetch } = useSession()

  // A new page begins at its top, for eyes and screen readers alike; the student beside a view is no page of its own.
  const place = route.page === 'class' ? `class ${route.id} ${route.view} ${route.part ?? ''}` : route.page
  useEffect(() => {
    window.scrollTo(0, 0)
  }, [place])

  if (route.page === 'welcome') return <Welcome link={route.link} />
  if (error) {
    return (
      <NarrowPage title={t('name')}>
        <ProblemNote error={error} onRetry={() => void refetch()} />
      </NarrowPage>
    )
  }
  if (data === undefined) {
    return (
      <p className="first-loading" role="status">
        {t('loading')}
      </p>
    )
  }
  if (data !== null) return <SignedIn route={route} session={data} />
  return route.page === 'refused' ? <SignIn refused={route.code} /> : <SignIn />
}

function Broken() {
  const t = useTranslations('app')
  return (
    <NarrowPage title={t('broken')}>
      <button type="button" className="button primary" onClick={() => location.reload()}>
        {t('reload')}
      </button>
    </NarrowPage>
  )
}

/** Catches faults of the page itself, which React would answer with an empty page. */
class Boundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true }
  }

  override render(): ReactNode {
    return this.state.failed ? <Broken /> : this.props.children
  }
}

/** Said when nothing to say could be loaded. */
function Speechless() {
  return (
    <p className="first-loading" role="alert">
      Lectern could not be loaded. <span lang="ja">Lectern を読み込めませんでした。</span>{' '}
      <a href={location.pathname}>↻</a>
    </p>
  )
}

/** The whole page. */
export function App() {
  const spoken = useSpoken(usePreferences().language)
  const queries = useMemo(createQueries, [])
  if (spoken === null) return <Speechless />
  if (spoken === undefined) return null
  const { language, messages } = spoken
  return (
    <IntlProvider locale={language} messages={messages} timeZone={Intl.DateTimeFormat().resolvedOptions().timeZone}>
      <I18nProvider locale={language === 'ja' ? 'ja-JP' : 'en-GB'}>
        <QueryClientProvider client={queries}>
          <Boundary>
            <Pages />
          </Boundary>
        </QueryClientProvider>
      </I18nProvider>
    </IntlProvider>
  )
}
