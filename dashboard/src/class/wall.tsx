import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import type { ClassInfo, ClassState, StaffUser } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { go, hrefOf } from '../app/route.ts'
import { signedOut, useRoster } from '../http/queries.ts'
import type { LiveView } from '../live/live-client.ts'
import { useLive } from '../live/use-live.ts'
import { useNow } from '../live/use-now.ts'
import { Sheet } from '../parts/dialog.tsx'
import { TopBar } from '../parts/frame.tsx'
import { Icon } from '../parts/icons.tsx'
import { KeySheet } from '../parts/key-sheet.tsx'
import { PasswordBanner } from '../session/account.tsx'
import { ConnectionChip } from './connection-chip.tsx'
import { Celebration, FirstRun } from './first-run.tsx'
import { JoinGuide } from './join-guide.tsx'
import { may } from './may.ts'
import { createOverviews } from './overview.ts'
import { Panels } from './panels.tsx'
import { SettingsSheet } from './settings-sheet.tsx'
import { StudentSheet } from './student-sheet.tsx'
import { useNames } from './use-names.ts'

const ROSTER_POLL_MS = 3_000

interface WallProps {
  readonly info: ClassInfo
  /** The student who is looked at, if any. */
  readonly student: string | undefined
  readonly user: StaffUser
}

type SheetName = 'join' | 'settings' | 'keys'

/** Waits for the first event, asking meanwhile who has joined. */
function Waiting({ info }: { readonly info: ClassInfo }) {
  const { data, refetch } = useRoster(info.id)
  useEffect(() => {
    const timer = setInterval(() => void refetch(), ROSTER_POLL_MS)
    return () => clearInterval(timer)
  }, [refetch])
  const joined = data?.students.filter(({ joinedAt }) => joinedAt !== undefined).length ?? 0
  return <FirstRun info={info} joined={joined} />
}

interface SessionProps extends Omit<WallProps, 'user'> {
  readonly state: ClassState
  readonly skew: number
  readonly onSheet: (sheet: SheetName) => void
}

/** A class that has students, from the first of them on. */
function InSession({ info, student, state, skew, onSheet }: SessionProps) {
  const now = useNow(skew)
  const names = useNames(info.id, state.students)
  const overviews = useMemo(createOverviews, [])
  const overview = useMemo(() => overviews(state, names, now), [overviews, state, names, now])
  const first = Object.keys(state.students)[0]
  const waited = useRef(first === undefined)
  const [celebrated, setCelebrated] = useState(false)
  const onJoin = useCallback(() => onSheet('join'), [onSheet])
  const onKeys = useCallback(() => onSheet('keys'), [onSheet])

  if (first === undefined) return <Waiting info={info} />
  if (waited.current && !celebrated) {
    return <Celebration name={names.get(first)} onGo={() => setCelebrated(true)} />
  }
  return (
    <>
      <Panels
        classId={info.id}
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
        onClose={() => go({ page: 'class', id: info.id }, { replace: true })}
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
function useTitle({ name }: ClassInfo, waiting: number): void {
  useEffect(() => {
    document.title = `${waiting > 0 ? `(${waiting}) ` : ''}${name} – Lectern`
    return () => {
      document.title = 'Lectern'
    }
  }, [name, waiting])
}

interface ActionsProps {
  readonly info: ClassInfo
  readonly onSheet: (sheet: SheetName) => void
}

/** What can be done here, as far as one may. */
function Actions({ info, onSheet }: ActionsProps) {
  const join = useTranslations('join')('button')
  const settings = useTranslations('settings')('button')
  const people = useTranslations('manage')('button')
  const keys = useTranslations('keys')('title')
  return (
    <>
      {may(info, 'codes.see') && (
        <Button className="button" onPress={() => onSheet('join')} aria-label={join}>
          <Icon name="key" />
          <span className="wide-only">{join}</span>
        </Button>
      )}
      <PeopleLink info={info} label={people} />
      {may(info, 'class.edit') && (
        <Button className="button icon-only" aria-label={settings} onPress={() => onSheet('settings')}>
          <Icon name="settings" />
        </Button>
      )}
      <Button className="button icon-only wide-only" aria-label={keys} onPress={() => onSheet('keys')}>
        <Icon name="question" />
      </Button>
    </>
  )
}

function PeopleLink({ info, label }: { readonly info: ClassInfo; readonly label: string }) {
  if (!may(info, 'roster.see')) return null
  return (
    <a
      className="button icon-only"
      aria-label={label}
      title={label}
      href={hrefOf({ page: 'people-of-class', id: info.id })}
    >
      <Icon name="people" />
    </a>
  )
}

/** One class, live, for who may see its students. */
export function Wall({ info, student, user }: WallProps) {
  const join = useTranslations('join')('title')
  const loading = useTranslations('app')('loading')
  const { retry, ...view } = useLive(info.id)
  const [sheet, setSheet] = useState<SheetName>()
  const close = () => setSheet(undefined)
  useSignedOut(view)
  useTitle(info, Object.keys(view.held?.state.help ?? {}).length)

  return (
    <>
      <TopBar title={info.name}>
        <ConnectionChip view={view} onRetry={retry} />
        <Actions info={info} onSheet={setSheet} />
      </TopBar>
      <main id="main" className="page class-page" tabIndex={-1} data-connection={view.connection.is}>
        <PasswordBanner user={user} />
        {view.held ? (
          <InSession info={info} student={student} state={view.held.state} skew={view.skew} onSheet={setSheet} />
        ) : (
          <p className="first-loading" role="status">
            {loading}
          </p>
        )}
      </main>
      <Sheet title={join} wide isOpen={sheet === 'join'} onClose={close}>
        <JoinGuide info={info} />
      </Sheet>
      {may(info, 'class.edit') && <SettingsSheet info={info} isOpen={sheet === 'settings'} onClose={close} />}
      <KeySheet isOpen={sheet === 'keys'} onClose={close} />
    </>
  )
}
