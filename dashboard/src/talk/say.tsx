import { createContext, lazy, Suspense, useContext, useMemo, useState, type ReactNode } from 'react'
import type { CellRef, ClassInfo, MessageKind, MessageTo, NotebookRef } from '@lectern/protocol'
import { may } from '../class/may.ts'
import { useMaybeSeen } from '../shell/seen.tsx'

/** To whom somebody wants to write, and about what. */
export interface SayWish {
  readonly to: MessageTo
  /** The same in words: a name, an error. */
  readonly whom: string
  /** What the form begins with; else a hint where there is a cell, a message where not. */
  readonly kind?: MessageKind
  readonly notebook?: NotebookRef | undefined
  readonly cell?: CellRef | undefined
  /** Id of the event by which help was asked for. */
  readonly request?: string
  /** True: it may also close the open requests of those it goes to. */
  readonly closes?: boolean
}

/** Opens the dialog. */
export type Say = (wish: SayWish) => void

const SayContext = createContext<Say | undefined>(undefined)
const SayDialog = lazy(async () => ({ default: (await import('./say-dialog.tsx')).SayDialog }))

interface SayProviderProps {
  readonly info: ClassInfo
  readonly children: ReactNode
}

/** Lets every part of a class's page open the dialog in which staff write to students (`useSay`). */
export function SayProvider({ info, children }: SayProviderProps) {
  const [wish, setWish] = useState<SayWish>()
  const isLive = useMaybeSeen()?.isLive ?? false
  const isOpen = info.endedAt === undefined && info.archivedAt === undefined
  const mayWrite = isLive && isOpen && may(info, 'help.answer')
  const say = useMemo(() => (mayWrite ? setWish : undefined), [mayWrite])
  return (
    <SayContext value={say}>
      {children}
      {wish && (
        <Suspense>
          <SayDialog classId={info.id} wish={wish} onClose={() => setWish(undefined)} />
        </Suspense>
      )}
    </SayContext>
  )
}

/** Opens the dialog in which one writes to students; undefined where one may not: then nothing is offered. */
export function useSay(): Say | undefined {
  return useContext(SayContext)
}
