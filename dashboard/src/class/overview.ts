import {
  currentAttention,
  type AttentionPhase,
  type ClassState,
  type HelpRequest,
  type StudentState,
} from '@lectern/protocol'
import type { Counts } from './kinds.ts'

/** One line of the list of students. The object stays the same as long as nothing in it changes. */
export interface Row {
  readonly id: string
  readonly name: string
  readonly student: StudentState
  readonly phase: AttentionPhase
  readonly help: HelpRequest | undefined
  /** Place among all names, so that sorting need not compare texts at every change. */
  readonly rank: number
}

/** The students of a class, who needs attention first. */
export interface Overview {
  readonly rows: readonly Row[]
  readonly byId: ReadonlyMap<string, Row>
  readonly counts: Counts
}

/** Names by pseudonymous id. */
export type Names = ReadonlyMap<string, string>

const PSEUDONYM_CHARS = 6
const UNKNOWN: AttentionPhase = { from: 0, kind: 'away', score: 0, reason: { code: 'left' } }

/** The name, or as long as that is not known the beginning of the pseudonymous id. */
export function nameOf(names: Names, id: string): string {
  return names.get(id) ?? `#${id.slice(0, PSEUDONYM_CHARS)}`
}

/** Since when a phase counts, in ms of the server's clock. */
export function sinceOf(phase: AttentionPhase): number {
  return phase.reason.since ?? phase.from
}

/** True if both phases are put into the same words, whenever they are looked at. */
export function isSamePhase(a: AttentionPhase, b: AttentionPhase): boolean {
  if (a === b) return true
  const [x, y] = [a.reason, b.reason]
  const isSame =
    a.kind === b.kind && x.code === y.code && x.error === y.error && x.count === y.count && x.cell === y.cell
  return isSame && (x.code === 'working' || sinceOf(a) === sinceOf(b))
}

const byName = new Intl.Collator(undefined, { numeric: true })

function ranksOf(names: Names): ReadonlyMap<string, number> {
  const sorted = [...names].sort(([, a], [, b]) => byName.compare(a, b))
  return new Map(sorted.map(([id], rank) => [id, rank]))
}

/** More urgent first, then who has waited longest. People at work stand by name, so that they do not jump at every run. */
function compareRows(a: Row, b: Row): number {
  if (a.phase.score !== b.phase.score) return b.phase.score - a.phase.score
  const { kind } = a.phase
  const waits = kind === 'active' || kind === 'away' ? 0 : sinceOf(a.phase) - sinceOf(b.phase)
  return waits || a.rank - b.rank || (a.id < b.id ? -1 : 1)
}

/** Makes a reader of states that keeps the rows which have not changed, for components that compare by identity. */
export function createOverviews(): (state: ClassState, names: Names, now: number) => Overview {
  let before: ReadonlyMap<string, Row> = new Map()
  let ranked: { names: Names; ranks: ReadonlyMap<string, number> } | undefined
  return (state, names, now) => {
    if (ranked?.names !== names) ranked = { names, ranks: ranksOf(names) }
    const byId = new Map<string, Row>()
    const counts = { help: 0, stuck: 0, failing: 0, active: 0, idle: 0, away: 0 }
    for (const id of Object.keys(state.students)) {
      const student = state.students[id]
      if (!student) continue
      const made: Row = {
        id,
        name: nameOf(names, id),
        student,
        phase: currentAttention(student.attention, now) ?? UNKNOWN,
        help: state.help[id],
        rank: ranked.ranks.get(id) ?? names.size,
      }
      const known = before.get(id)
      const row = known && isSame(known, made) ? known : made
      byId.set(id, row)
      counts[row.phase.kind] += 1
    }
    before = byId
    return { rows: [...byId.values()].sort(compareRows), byId, counts }
  }
}

function isSame(a: Row, b: Row): boolean {
  return a.student === b.student && a.phase === b.phase && a.name === b.name && a.rank === b.rank && a.help === b.help
}
