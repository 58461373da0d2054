import type { AttentionKind, RosterEntry } from '@lectern/protocol'
import { KINDS, type Counts } from '../class/kinds.ts'
import type { Ordered } from '../class/frozen-order.ts'
import type { Row } from '../class/overview.ts'

/** A team with its students, who needs somebody first. The object stays the same as long as nothing in it changes. */
export interface Team extends Ordered {
  /** Its name on the roster; empty for those who are in none. */
  readonly id: string
  readonly rows: readonly Row[]
  readonly counts: Counts
}

const byName = new Intl.Collator(undefined, { numeric: true })

function countsOf(rows: readonly Row[]): Counts {
  const counts = { help: 0, stuck: 0, failing: 0, active: 0, idle: 0, away: 0 }
  for (const { phase } of rows) counts[phase.kind] += 1
  return counts
}

const worstOf = (counts: Counts): AttentionKind => KINDS.find((kind) => counts[kind] > 0) ?? 'away'

/** Teams with the most urgent students first; alike ones, and teams at work, by name. Who is in no team comes last. */
function compareTeams(a: Team, b: Team): number {
  if ((a.id === '') !== (b.id === '')) return a.id === '' ? 1 : -1
  for (const kind of ['help', 'stuck', 'failing'] as const) {
    if (a.counts[kind] !== b.counts[kind]) return b.counts[kind] - a.counts[kind]
  }
  return byName.compare(a.id, b.id)
}

const isSame = (a: Team, rows: readonly Row[]) =>
  a.rows.length === rows.length && a.rows.every((row, index) => row === rows[index])

/** Makes a reader of rows that keeps the teams which have not changed, for components that compare by identity. */
export function createTeams(): (rows: readonly Row[], roster: ReadonlyMap<string, RosterEntry>) => readonly Team[] {
  let before: ReadonlyMap<string, Team> = new Map()
  return (rows, roster) => {
    const members = new Map<string, Row[]>()
    for (const row of rows) {
      const team = roster.get(row.id)?.team ?? ''
      const known = members.get(team)
      if (known) known.push(row)
      else members.set(team, [row])
    }
    const made = new Map<string, Team>()
    for (const [id, own] of members) {
      const known = before.get(id)
      const counts = countsOf(own)
      made.set(id, known && isSame(known, own) ? known : { id, rows: own, counts, phase: { kind: worstOf(counts) } })
    }
    before = made
    return [...made.values()].sort(compareTeams)
  }
}
