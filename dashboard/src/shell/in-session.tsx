import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { ClassInfo } from '@lectern/protocol'
import { goTo, hrefOfClass, type ClassPlace } from '../app/route.ts'
import { Celebration, FirstRun } from '../class/first-run.tsx'
import { Glance } from '../class/glance.tsx'
import { KINDS } from '../class/kinds.ts'
import { may } from '../class/may.ts'
import { StudentSheet } from '../class/student-sheet.tsx'
import { useRoster } from '../http/queries.ts'
import { hrefWith } from './place.ts'
import { useSeen } from './seen.tsx'
import type { ClassView } from './views.ts'

const ROSTER_POLL_MS = 3_000

interface InSessionProps {
  readonly info: ClassInfo
  readonly place: ClassPlace
  readonly view: ClassView
  readonly children: ReactNode
}

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

/** The class at a glance. A press on a kind narrows the view, or leads to the wall from a view that cannot be narrowed. */
function GlanceOf({ place, view }: Pick<InSessionProps, 'place' | 'view'>) {
  const { state, overview } = useSeen()
  const only = view.byKind ? KINDS.find((kind) => kind === place.query['kind']) : undefined
  return (
    <Glance
      counts={overview.counts}
      errors={state.errors}
      only={only}
      onOnly={(kind) => {
        const query = { kind: kind ?? '' }
        if (view.byKind) goTo(hrefWith(place, query), { replace: true })
        else goTo(hrefOfClass({ id: place.id, query }))
      }}
    />
  )
}

/** A view of a class that has students, from the first of them on; beside it whoever is looked at. */
export function InSession({ info, place, view, children }: InSessionProps) {
  const { state, now, names, overview, isLive } = useSeen()
  const first = Object.keys(state.students)[0]
  const waited = useRef(first === undefined)
  const [celebrated, setCelebrated] = useState(false)
  const student = place.query['student']
  if (first === undefined && isLive) return <Waiting info={info} />
  if (first !== undefined && isLive && waited.current && !celebrated) {
    return <Celebration name={names.get(first)} onGo={() => setCelebrated(true)} />
  }
  return (
    <>
      <GlanceOf place={place} view={view} />
      {children}
      <StudentSheet
        row={student === undefined ? undefined : overview.byId.get(student)}
        errors={state.errors}
        now={now}
        story={
          student === undefined || !may(info, 'code.see')
            ? undefined
            : hrefOfClass({ id: info.id, view: 'student', part: student })
        }
        isOpen={student !== undefined}
        onClose={() => goTo(hrefWith(place, { student: '' }), { replace: true })}
      />
    </>
  )
}
