import { useCallback, useMemo } from 'react'
import type { AttentionKind } from '@lectern/protocol'
import { useNarrow, usePlace } from '../shell/place.ts'
import { KINDS } from './kinds.ts'
import type { Row } from './overview.ts'
import { useRosterIndex } from './use-roster-index.ts'

/** Lower case and one width, so that a search finds what it means in Japanese, too. */
const plain = (text: string) => text.normalize('NFKC').toLocaleLowerCase()

const NOTHING = { kind: '', search: '', team: '', notebook: '', error: '' } as const

/** What the students of a view are narrowed to; it stands in the address, so that every view and every link has it. */
export interface Narrowing {
  readonly kind: AttentionKind | undefined
  readonly search: string
  readonly team: string | undefined
  /** Id of the notebook, and name of the error, in which students are. */
  readonly notebook: string | undefined
  readonly error: string | undefined
  readonly isNarrowed: boolean
  /** Whether a student belongs to it who needs `kind`. */
  readonly belongs: (row: Row, kind: AttentionKind) => boolean
  readonly narrow: (change: Partial<Record<keyof typeof NOTHING, string>>) => void
  readonly clear: () => void
}

/** Narrows the students by kind, name, team, notebook and error. */
export function useNarrowing(classId: string): Narrowing {
  const { query } = usePlace(classId)
  const narrow = useNarrow(classId)
  const roster = useRosterIndex(classId)
  const { search = '', team, notebook, error } = query
  const kind = KINDS.find((one) => one === query['kind'])
  const wanted = plain(search.trim())
  const belongs = useCallback(
    (row: Row, now: AttentionKind) => {
      if (kind !== undefined && now !== kind) return false
      if (notebook !== undefined && row.student.notebook?.id !== notebook) return false
      if (error !== undefined && row.student.streak?.name !== error) return false
      const inTeam = roster.get(row.id)?.team
      if (team !== undefined && inTeam !== team) return false
      return (
        wanted === '' || plain(row.name).includes(wanted) || (inTeam !== undefined && plain(inTeam).includes(wanted))
      )
    },
    [kind, team, notebook, error, wanted, roster],
  )
  return useMemo(
    () => ({
      kind,
      search,
      team,
      notebook,
      error,
      isNarrowed: wanted !== '' || [kind, team, notebook, error].some((one) => one !== undefined),
      belongs,
      narrow,
      clear: () => narrow(NOTHING),
    }),
    [kind, search, wanted, team, notebook, error, belongs, narrow],
  )
}
