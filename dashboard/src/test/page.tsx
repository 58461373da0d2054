import { QueryClientProvider } from '@tanstack/react-query'
import { render } from '@testing-library/react'
import type { ReactNode } from 'react'
import type { ClassState } from '@lectern/protocol'
import { IntlProvider } from 'use-intl'
import { createQueries, KEYS } from '../http/queries.ts'
import { en } from '../i18n/en.ts'
import { SeenProvider } from '../shell/seen.tsx'

/** Renders a part of the page in English, with what the whole page puts around it. */
export function renderPart(part: ReactNode, queries = createQueries()) {
  return render(
    <IntlProvider locale="en" messages={en} timeZone="UTC">
      <QueryClientProvider client={queries}>{part}</QueryClientProvider>
    </IntlProvider>,
  )
}

interface SeenClass {
  readonly classId: string
  readonly state: ClassState
  /** Names of the students by id. */
  readonly names: ReadonlyMap<string, string>
  /** The server's clock, ms. */
  readonly now: number
  /** Teams of the students by id; whoever has one has joined. */
  readonly teams?: ReadonlyMap<string, string>
}

/** Renders a view of a class with a state that stands still. */
export function renderSeen(part: ReactNode, { classId, names, teams, ...rest }: SeenClass) {
  const moment = { offset: 1, ...rest }
  const still = { isLive: true, read: () => moment, subscribe: () => () => undefined }
  const queries = createQueries()
  const joined = (id: string) => (teams ? { team: teams.get(id), joinedAt: 1 } : {})
  const students = [...names].map(([id, name]) => ({ id, name, ...joined(id) }))
  queries.setQueryData(KEYS.roster(classId), { students })
  return renderPart(
    <SeenProvider classId={classId} live={still}>
      {part}
    </SeenProvider>,
    queries,
  )
}
