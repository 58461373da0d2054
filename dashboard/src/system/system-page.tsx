import { useEffect, useRef } from 'react'
import type { StaffUser } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { hrefOf, SYSTEM_SECTIONS, type SystemSection } from '../app/route.ts'
import { TopBar } from '../parts/frame.tsx'
import { Icon } from '../parts/icons.tsx'
import { FlagsSection } from './flags-section.tsx'
import { JobsSection } from './jobs-section.tsx'
import { OverviewSection } from './overview-section.tsx'
import { PrivacySection } from './privacy-section.tsx'
import { ReportSection } from './report-section.tsx'
import { RoutesSection } from './routes-section.tsx'
import { ServicesSection } from './services-section.tsx'
import { SocketsSection } from './sockets-section.tsx'
import { usePulse } from './use-pulse.ts'
import '../styles/system.css'

function Sections({ section }: { readonly section: SystemSection }) {
  const t = useTranslations('system')
  const chosen = useRef<HTMLAnchorElement>(null)
  // On a phone the row of sections is longer than the screen.
  useEffect(() => {
    chosen.current?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [section])
  return (
    <nav className="system-nav" aria-label={t('sections')}>
      {SYSTEM_SECTIONS.map((name) => (
        <a
          key={name}
          ref={name === section ? chosen : null}
          href={hrefOf({ page: 'system', section: name })}
          aria-current={name === section ? 'page' : undefined}
        >
          {t(name)}
        </a>
      ))}
    </nav>
  )
}

function Admin({ section }: { readonly section: SystemSection }) {
  const t = useTranslations('system')
  const pulse = usePulse()
  return (
    <>
      <TopBar title={t('title')}>
        <span className={`system-live ${pulse ? 'is-live' : ''}`} role="status">
          <Icon name={pulse ? 'live' : 'refresh'} />
          {pulse ? t('live') : t('polled')}
        </span>
      </TopBar>
      <Sections section={section} />
      <main id="main" className="page system-page" tabIndex={-1}>
        {section === 'overview' && <OverviewSection pulse={pulse} />}
        {section === 'services' && <ServicesSection />}
        {section === 'sockets' && <SocketsSection totals={pulse?.connections} />}
        {section === 'routes' && <RoutesSection />}
        {section === 'jobs' && <JobsSection />}
        {section === 'flags' && <FlagsSection />}
        {section === 'privacy' && <PrivacySection />}
        {section === 'report' && <ReportSection />}
      </main>
    </>
  )
}

interface SystemPageProps {
  readonly section: SystemSection
  readonly user: StaffUser
}

/** The system, for administrators: what the server is, does and may be told to do. */
export function SystemPage({ section, user }: SystemPageProps) {
  const t = useTranslations('system')
  if (user.role === 'admin') return <Admin section={section} />
  return (
    <>
      <TopBar title={t('title')} />
      <main id="main" className="page system-page" tabIndex={-1}>
        <p className="card empty">{t('needsAdmin')}</p>
      </main>
    </>
  )
}
