import { createContext, useContext, useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react'
import { createOverviews, type Names, type Overview } from '../class/overview.ts'
import { useNames } from '../class/use-names.ts'
import type { Moment, StateSource } from '../live/state-source.ts'

/** What every view of a class shows: the class as it is, or as it was at the place of a replay. */
export interface Seen extends Moment {
  /** False while a replay drives the views: nothing is done to a class that was. */
  readonly isLive: boolean
  readonly names: Names
  readonly overview: Overview
}

/** From where the views have what they show. */
export interface Sources {
  readonly live: StateSource
  readonly shown: StateSource
  /** Lets another source drive every view; none: the live one again. */
  readonly show: (source?: StateSource) => void
}

const SeenContext = createContext<Seen | undefined>(undefined)
const SourcesContext = createContext<Sources | undefined>(undefined)

interface SeenProviderProps {
  readonly classId: string
  readonly live: StateSource
  readonly children: ReactNode
}

/** Gives what is seen of a class to everything inside. */
export function SeenProvider({ classId, live, children }: SeenProviderProps) {
  const [other, setOther] = useState<StateSource>()
  const shown = other ?? live
  useEffect(() => () => other?.end?.(), [other])
  const sources = useMemo(() => ({ live, shown, show: setOther }), [live, shown])
  return (
    <SourcesContext value={sources}>
      <SeenOf classId={classId} source={shown}>
        {children}
      </SeenOf>
    </SourcesContext>
  )
}

interface SeenOfProps {
  readonly classId: string
  readonly source: StateSource
  readonly children: ReactNode
}

/** Gives what one source shows to everything inside: for two moments beside each other. */
export function SeenOf({ classId, source, children }: SeenOfProps) {
  const moment = useSyncExternalStore(source.subscribe, source.read)
  const names = useNames(classId, moment?.state.students)
  const overviews = useMemo(createOverviews, [])
  const seen = useMemo(
    () =>
      moment && {
        ...moment,
        isLive: source.isLive,
        names,
        overview: overviews(moment.state, names, moment.now),
      },
    [moment, source, names, overviews],
  )
  return <SeenContext value={seen}>{children}</SeenContext>
}

/** What is seen of the class; undefined before the first state, and for who may not see students. */
export function useMaybeSeen(): Seen | undefined {
  return useContext(SeenContext)
}

/** What is seen of the class. Throws where there is no state: for views that the table marks as needing it. */
export function useSeen(): Seen {
  const seen = useMaybeSeen()
  if (!seen) throw new Error('This view needs the state of the class; say so in the table of views.')
  return seen
}

/** From where the views have what they show. Throws for who may not see students. */
export function useSources(): Sources {
  const sources = useContext(SourcesContext)
  if (!sources) throw new Error('Whoever may not see students has no state of the class.')
  return sources
}
