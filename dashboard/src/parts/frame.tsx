import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { hrefOf } from '../app/route.ts'
import { DisplayBar, Menu } from './menu.tsx'
import { Mark } from './icons.tsx'

/** A page for one thing: a narrow column, the sign of Lectern above it. */
export function NarrowPage({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const t = useTranslations('app')
  return (
    <div className="narrow-page">
      <header className="narrow-head">
        <Mark />
        <div>
          <p className="brand">{t('name')}</p>
          <p className="muted">{t('tagline')}</p>
        </div>
      </header>
      <main id="main" className="card narrow-card" tabIndex={-1}>
        <h1>{title}</h1>
        {children}
      </main>
      <footer>
        <DisplayBar />
      </footer>
    </div>
  )
}

interface TopBarProps {
  readonly title: ReactNode
  readonly children?: ReactNode
}

/** The bar above every page of the signed-in: where one is, and what can be done here. */
export function TopBar({ title, children }: TopBarProps) {
  const t = useTranslations('classes')
  return (
    <header className="top-bar">
      <a className="home" href={hrefOf({ page: 'classes' })} aria-label={t('title')}>
        <Mark />
      </a>
      <h1>{title}</h1>
      <div className="top-actions">
        {children}
        <Menu />
      </div>
    </header>
  )
}
