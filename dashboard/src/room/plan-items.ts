import { seatNames, type AttentionKind, type SeatPlace } from '@lectern/protocol'
import type { Row } from '../class/overview.ts'
import type { Team } from '../teams/teams.ts'
import { gridPlaces } from './grid-places.ts'
import { seatKey } from './seat-store.ts'

/** Something on the plan, or waiting beside it. */
export interface PlanItem {
  readonly key: string
  readonly place: SeatPlace & { readonly x: number; readonly y: number }
  /** The student, or undefined for a team. */
  readonly row: Row | undefined
  readonly team: Team | undefined
  readonly kind: AttentionKind
  /** What the seat is called; empty for a team. */
  readonly seat: string
}

/** What a plan shows, and who has no place on it. */
export interface PlanItems {
  readonly items: readonly PlanItem[]
  readonly unplaced: readonly Row[]
  readonly unplacedTeams: readonly Team[]
  /** True while nothing was ever placed: everybody is shown in rows meanwhile. */
  readonly isProvisional: boolean
}

interface Present {
  readonly byId: ReadonlyMap<string, Row>
  readonly teams: readonly Team[]
}

function itemOf(place: SeatPlace, { byId, teams }: Present, names: ReadonlyMap<string, string>): PlanItem | undefined {
  const { kind, id, x, y } = place
  if (x === undefined || y === undefined) return undefined
  const row = kind === 'student' ? byId.get(id) : undefined
  const team = kind === 'team' ? teams.find((one) => one.id === id) : undefined
  const present = row ?? team
  // Somebody who was erased, or has not come yet.
  if (!present) return undefined
  const seat = (kind === 'student' ? names.get(id) : undefined) ?? ''
  return { key: seatKey(place), place: { kind, id, x, y }, row, team, kind: present.phase.kind, seat }
}

/** Everybody in the order in which they are seated in rows: by team, then by name. */
export function inSeatingOrder(teams: readonly Team[]): readonly string[] {
  const texts = new Intl.Collator(undefined, { numeric: true })
  return teams
    .toSorted((a, b) => texts.compare(a.id || '\uFFFF', b.id || '\uFFFF'))
    .flatMap(({ rows }) => rows.toSorted((a, b) => a.rank - b.rank).map(({ id }) => id))
}

/** Joins where everything stands with how everybody is. `aspect`: width of the plan by its height. */
export function planItems(places: ReadonlyMap<string, SeatPlace>, present: Present, aspect: number): PlanItems {
  const isProvisional = places.size === 0
  const shown = isProvisional ? gridPlaces(inSeatingOrder(present.teams), aspect) : [...places.values()]
  const names = seatNames(shown)
  const items = shown.flatMap((place) => itemOf(place, present, names) ?? [])
  // From the front left, as one reads; also the order for the keyboard and for screen readers.
  items.sort((a, b) => a.place.y - b.place.y || a.place.x - b.place.x || (a.key < b.key ? -1 : 1))
  return {
    items,
    unplaced: [...present.byId.values()]
      .filter(({ id }) => !places.has(seatKey({ kind: 'student', id })))
      .sort((a, b) => a.rank - b.rank),
    unplacedTeams: present.teams.filter(({ id }) => id !== '' && !places.has(seatKey({ kind: 'team', id }))),
    isProvisional,
  }
}

const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
}

/** Where an arrow key leads from the item `at`: the nearest that lies more in that direction than beside it. */
export function itemAfterKey(items: readonly PlanItem[], at: number, key: string): number | undefined {
  const from = items[at]?.place
  const direction = Object.hasOwn(DIRECTIONS, key) ? DIRECTIONS[key] : undefined
  if (!from || !direction) return undefined
  const [right, down] = direction
  let found: number | undefined
  let least = Infinity
  for (const [index, { place }] of items.entries()) {
    const [dx, dy] = [place.x - from.x, place.y - from.y]
    const along = dx * right + dy * down
    const aside = Math.abs(dx * down) + Math.abs(dy * right)
    if (along <= 0 || aside > along) continue
    if (along + aside < least) [found, least] = [index, along + aside]
  }
  return found
}
