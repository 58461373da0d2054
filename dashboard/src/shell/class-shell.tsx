import { Suspense, useCallback, useEffect, useMemo, useState, type ReactNode } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import type { ClassInfo, StaffUser } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { goTo, hrefOfClass, type ClassPlace } from '../app/route.ts'
import { useShortcuts } from '../app/shortcuts.ts'
import { ConnectionChip } from '../class/connection-chip.tsx'
import { JoinGuide } from '../class/join-guide.tsx'
import { may } from '../class/may.ts'
import { LessonChip } from '../lessons/lesson-chip.tsx'
import { signedOut } from '../http/queries.ts'
import { useLive, useLiveView, type Live } from '../live/use-live.ts'
import { Sheet } from '../parts/dialog.tsx'
import { TopBar } from '../parts/frame.tsx'
import { useAlertPreferences } from '../talk/alert-preferences.ts'
import { HelpAlerts } from '../talk/help-alerts.tsx'
import { SayProvider } from '../talk/say.tsx'
import { Actions, type SheetName } from './actions.tsx'
import { Banners } from './banners.tsx'
import { ClassKeys } from './class-keys.tsx'
import { InSession } from './in-session.tsx'
import { Navigation } from './navigation.tsx'
import { SeenProvider, useMaybeSeen } from './seen.tsx'
import { viewsFor, type ClassView } from './views.ts'

interface ClassShellProps {
  readonly info: ClassInfo
  readonly place: ClassPlace
  readonly user: StaffUser
}

interface FrameProps extends ClassShellProps {
  /** Undefined for who may not see students. */
  readonly live: Live | undefined
}

/** The window's title says how many wait, for whoever is in another window, unless that is switched off. */
function useTitle({ name }: ClassInfo, asked: number): void {
  const waiting = useAlertPreferences().title ? asked : 0
  useEffect(() => {
    document.title = `${waiting > 0 ? `(${waiting}) ` : ''}${name} – Lectern`
    return () => {
      document.title = 'Lectern'
    }
  }, [name, waiting])
}

/** Whether the page is up to date. Whoever was told by the socket that the session ended is sent to the sign-in. */
function LiveChip({ live }: { readonly live: Live }) {
  const client = useQueryClient()
  const view = useLiveView(live)
  const hasEnded = view.connection.is === 'signed_out'
  useEffect(() => {
    if (hasEnded) signedOut(client)
  }, [hasEnded, client])
  return (
    <span className="live-chip" data-connection={view.connection.is}>
      <ConnectionChip view={view} onRetry={live.retry} />
    </span>
  )
}

/** Single keys of every view of a class. */
function useViewKeys(classId: string, views: readonly ClassView[], onSheet: (sheet: SheetName) => void): void {
  const shortcuts = useMemo(() => {
    const to = (view: ClassView) => () => {
      goTo(hrefOfClass({ id: classId, view: view.name }))
      document.getElementById('main')?.focus()
    }
    return {
      ...Object.fromEntries(views.flatMap((view) => (view.shortcut ? [[view.shortcut, to(view)] as const] : []))),
      '?': () => onSheet('keys'),
      c: () => onSheet('join'),
    }
  }, [classId, views, onSheet])
  useShortcuts(shortcuts)
}

function NoView({ classId }: { readonly classId: string }) {
  const t = useTranslations('shell')
  return (
    <div className="empty card no-view">
      <p>{t('noView')}</p>
      <a className="button primary" href={hrefOfClass({ id: classId })}>
        {t('toFirst')}
      </a>
    </div>
  )
}

/** The view that the address names, as soon as it is loaded and has what it needs. */
function Shown({ info, place, user, view }: ClassShellProps & { readonly view: ClassView | undefined }) {
  const loading = useTranslations('app')('loading')
  const isSeen = useMaybeSeen() !== undefined
  const wait = (
    <p className="first-loading" role="status">
      {loading}
    </p>
  )
  if (!view) return <NoView classId={info.id} />
  const shown: ReactNode = (
    <Suspense fallback={wait}>
      <view.Component key={place.part ?? ''} info={info} user={user} part={place.part} />
    </Suspense>
  )
  if (!view.ofState) return shown
  return isSeen ? (
    <InSession info={info} place={place} view={view}>
      {shown}
    </InSession>
  ) : (
    wait
  )
}

interface SheetsProps {
  readonly info: ClassInfo
  readonly views: readonly ClassView[]
  readonly sheet: SheetName | undefined
  readonly onClose: () => void
}

function Sheets({ info, views, sheet, onClose }: SheetsProps) {
  const join = useTranslations('join')('title')
  return (
    <>
      {may(info, 'codes.see') && (
        <Sheet title={join} wide isOpen={sheet === 'join'} onClose={onClose}>
          <JoinGuide info={info} />
        </Sheet>
      )}
      <ClassKeys views={views} isOpen={sheet === 'keys'} onClose={onClose} />
    </>
  )
}

interface MainProps {
  readonly info: ClassInfo
  readonly view: string
  readonly children: ReactNode
}

/** What changes around a view with every change of the class; the frame itself does not. */
function Main({ info, view, children }: MainProps) {
  const seen = useMaybeSeen()
  useTitle(info, Object.keys(seen?.state.help ?? {}).length)
  return (
    <main id="main" className={`page class-page view-${view}`} tabIndex={-1} data-offset={seen?.offset}>
      {children}
    </main>
  )
}

function Frame({ info, place, user, live }: FrameProps) {
  const views = useMemo(() => viewsFor(info), [info])
  const [first] = views
  // Whoever may not see the wall begins with what they may see.
  const named = place.view === 'wall' && first ? first.name : place.view
  const view = views.find(({ name }) => name === named)
  const [sheet, setSheet] = useState<SheetName>()
  useViewKeys(info.id, views, setSheet)
  return (
    <div className="shell">
      <TopBar title={info.name}>
        <LessonChip info={info} />
        {live && <LiveChip live={live} />}
        <Actions info={info} onSheet={setSheet} />
      </TopBar>
      <Navigation classId={info.id} views={views} shown={named} />
      <Main info={info} view={named}>
        <Banners info={info} user={user} ofState={live !== undefined} />
        <Shown info={info} place={place} user={user} view={view} />
      </Main>
      <Sheets info={info} views={views} sheet={sheet} onClose={useCallback(() => setSheet(undefined), [])} />
    </div>
  )
}

function LiveFrame(props: ClassShellProps) {
  const live = useLive(props.info.id)
  return (
    <SeenProvider classId={props.info.id} live={live.source}>
      <SayProvider info={props.info}>
        <Frame {...props} live={live} />
        {may(props.info, 'help.answer') && <HelpAlerts info={props.info} />}
      </SayProvider>
    </SeenProvider>
  )
}

/** One class with its views: where they are, what is above them, and what drives them. */
export function ClassShell(props: ClassShellProps) {
  return may(props.info, 'students.see') ? <LiveFrame {...props} /> : <Frame {...props} live={undefined} />
}
