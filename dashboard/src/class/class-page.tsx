import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import type { ClassInfo, ClassState, StaffUser } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { go } from '../app/route.ts'
import { ApiProblem } from '../http/problem.ts'
import { signedOut, useClass, useRoster } from '../http/queries.ts'
import type { LiveView } from '../live/live-client.ts'
import { useLive } from '../live/use-live.ts'
import { useNow } from '../live/use-now.ts'
import { Sheet } from '../parts/dialog.tsx'
import { NarrowPage, TopBar } from '../parts/frame.tsx'
import { Icon } from '../parts/icons.tsx'
import { KeySheet } from '../parts/key-sheet.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { PasswordBanner } from '../session/account.tsx'
import { ConnectionChip } from './connection-chip.tsx'
import { Celebration, FirstRun } from './first-run.tsx'
import { JoinGuide } from './join-guide.tsx'
import { createOverviews } from './overview.ts'
import { Panels } from './panels.tsx'
import { SettingsSheet } from './settings-sheet.tsx'
import { StudentSheet } from './student-sheet.tsx'
import { useNames } from './use-names.ts'

const ROSTER_POLL_MS = 3_000

interface ClassPageProps {
  readonly classId: string
  /** The student who is looked at, if any. */
  readonly student: string | undefined
  readonly user: StaffUser
}

type SheetName = 'join' | 'settings' | 'keys'

/** Waits for the first event, asking meanwhile who has joined. */
function Waiting({ classId }: { readonly classId: string }) {
  const { data, refetch } = useRoster(classId)
  useEffect(() => {
    const timer = setInterval(() => void refetch(), ROSTER_POLL_MS)
    return () => clearInterval(timer)
  }, [refetch])
  return <FirstRun classId={classId} joined={data?.students.length ?? 0} />
}

interface SessionProps extends Omit<ClassPageProps, 'user'> {
  readonly state: ClassState
  readonly skew: number
  readonly onSheet: (sheet: SheetName) => void
}

/** A class that has students, from the first of them on. */
function InSession({ classId, student, state, skew, onSheet }: SessionProps) {
  const now = useNow(skew)
  const names = useNames(classId, state.students)
  const overviews = useMemo(createOverviews, [])
  const overview = useMemo(() => overviews(state, names, now), [overviews, state, names, now])
  const first = Object.keys(state.students)[0]
  const waited = useRef(first === undefined)
  const [celebrated, setCelebrated] = useState(false)
  const onJoin = useCallback(() => onSheet('join'), [onSheet])
  const onKeys = useCallback(() => onSheet('keys'), [onSheet])

  if (first === undefined) return <Waiting classId={classId} />
  if (waited.current && !celebrated) {
    return <Celebration name={names.get(first)} onGo={() => setCelebrated(true)} />
  }
  return (
    <>
      <Panels
        classId={classId}
        state={state}
        overview={overview}
        names={names}
        now={now}
        onJoin={onJoin}
        onKeys={onKeys}
      />
      <StudentSheet
        row={student === undefined ? undefined : overview.byId.get(student)}
        errors={state.errors}
        now={now}
        isOpen={student !== undefined}
        onClose={() => go({ page: 'class', id: classId }, { replace: true })}
      />
    </>
  )
}

/** Whoever was told by the socket that the session ended is sent to the sign-in. */
function useSignedOut({ connection }: LiveView): void {
  const client = useQueryClient()
  useEffect(() => {
    if (connection.is === 'signed_out') signedOut(client)
  }, [connection, client])
}

/** The window's title says how many wait, for whoever is in another window. */
function useTitle(info: ClassInfo | undefined, waiting: number): void {
  useEffect(() => {
    if (!info) return
    document.title = `${waiting > 0 ? `(${waiting}) ` : ''}${info.name} – Lectern`
    return () => {
      document.title = 'Lectern'
    }
  }, [info, waiting])
}

function Actions({ onSheet }: { readonly onSheet: (sheet: SheetName) => void }) {
  const join = useTranslations('join')('button')
  const settings = useTranslations('settings')('button')
  const keys = useTranslations('keys')('title')
  return (
    <>
      <Button className="button" onPress={() => onSheet('join')} aria-label={join}>
        <Icon name="key" />
        <span className="wide-only">{join}</span>
      </Button>
      <Button className="button icon-only" aria-label={settings} onPress={() => onSheet('settings')}>
        <Icon name="settings" />
      </Button>
      <Button className="button icon-only wide-only" aria-label={keys} onPress={() => onSheet('keys')}>
        <Icon name="question" />
      </Button>
    </>
  )
}

/** One class, live. */
export function ClassPage({ classId, student, user }: ClassPageProps) {
  const t = useTranslations('app')
  const join = useTranslations('join')('title')
  const { retry, ...view } = useLive(classId)
  const { data: info, error, refetch } = useClass(classId)
  const [sheet, setSheet] = useState<SheetName>()
  const close = () => setSheet(undefined)
  useSignedOut(view)
  useTitle(info, Object.keys(view.held?.state.help ?? {}).length)

  if (error && !info) {
    const isFinal = error instanceof ApiProblem && (error.status === 403 || error.status === 404)
    return (
      <NarrowPage title={t('name')}>
        <ProblemNote error={error} onRetry={isFinal ? undefined : () => void refetch()} />
        <Button className="button primary" onPress={() => go({ page: 'classes' })}>
          {t('toClasses')}
        </Button>
      </NarrowPage>
    )
  }
  return (
    <>
      <TopBar title={info?.name ?? t('loading')}>
        <ConnectionChip view={view} onRetry={retry} />
        <Actions onSheet={setSheet} />
      </TopBar>
      <main id="main" className="page class-page" tabIndex={-1} data-connection={view.connection.is}>
        <PasswordBanner user={user} />
        {view.held ? (
          <InSession classId={classId} student={student} state={view.held.state} skew={view.skew} onSheet={setSheet} />
        ) : (
          <p className="first-loading" role="status">
            {t('loading')}
          </p>
        )}
      </main>
      <Sheet title={join} wide isOpen={sheet === 'join'} onClose={close}>
        <JoinGuide classId={classId} />
      </Sheet>
      {info && <SettingsSheet info={info} isOpen={sheet === 'settings'} onClose={close} />}
      <KeySheet isOpen={sheet === 'keys'} onClose={close} />
    </>
  )
}
