import type { SheddingInfo } from '@lectern/protocol'
import { CodedError } from '../errors.ts'
import { pressure, type Threshold } from './thresholds.ts'

/** What can be refused, first to last: reading old events, exports and other jobs by hand, reading whole states, new sockets. */
export const SHED_ORDER = ['history', 'exports', 'refresh', 'sockets'] as const
/** A kind of work that the server puts off when it is short of something. */
export type ShedKind = (typeof SHED_ORDER)[number]

/** What a client is told to wait, seconds: longer for what can wait longer. */
const RETRY_SECONDS: Readonly<Record<ShedKind, number>> = { history: 10, exports: 30, refresh: 5, sockets: 5 }

/** From so much pressure on so many kinds may be refused. */
const STEPS = [
  { from: 1.2, level: 4 },
  { from: 1.1, level: 3 },
] as const
const FIRST_LEVEL = 2

/** How many kinds of the order are refused, and since when, ms. */
export interface ShedLevel {
  readonly level: number
  readonly at: number
}

/** How many kinds a raised threshold may refuse at this value. */
export function levelOf(threshold: Threshold, value: number): number {
  if (threshold.sheds !== 'in order') return 0
  const by = pressure(threshold, value)
  return STEPS.find(({ from }) => by >= from)?.level ?? FIRST_LEVEL
}

/** One step towards `target`, not sooner than `holdMs` after the last: kinds are given up one by one and come back so. */
export function stepLevel(before: ShedLevel, target: number, now: { at: number; holdMs: number }): ShedLevel {
  const rising = before.level === 0 && target > 0
  if (target === before.level || (!rising && now.at - before.at < now.holdMs)) return before
  return { level: before.level + Math.sign(target - before.level), at: now.at }
}

/** A raised threshold with what it measures. */
export interface Strain {
  readonly threshold: Threshold
  readonly value: number
}

/** Decides what is refused while the server is short of something, so that what students send is still taken. */
export interface Shedding {
  /** True if this kind is put off now. */
  isShed(kind: ShedKind): boolean
  /** True if this kind is refused now; the refusal is counted. */
  refuses(kind: ShedKind): boolean
  /** The error `load_shed` for this kind, with the time after which to try again. */
  refusal(kind: ShedKind): CodedError
  /** Throws `load_shed` if this kind is refused now. */
  check(kind: ShedKind): void
  /** Takes the thresholds that are raised now into account. */
  consider(strains: readonly Strain[], at: number): void
  shed(): ShedKind[]
  /** `ingest`: batches that were refused because the queue of the log was full. */
  info(ingest: { refused: number; now: boolean }): SheddingInfo
}

/** Makes the decision; nothing is refused at first. */
export function createShedding({ holdMs }: { holdMs: number }): Shedding {
  const refused = new Map<ShedKind, number>(SHED_ORDER.map((kind) => [kind, 0]))
  let state: ShedLevel = { level: 0, at: Number.NEGATIVE_INFINITY }
  let because: string[] = []
  let shed = new Set<ShedKind>()

  const refuses = (kind: ShedKind): boolean => {
    if (!shed.has(kind)) return false
    refused.set(kind, (refused.get(kind) ?? 0) + 1)
    return true
  }

  const refusal = (kind: ShedKind) =>
    new CodedError('load_shed', `The server is short of: ${because.join(', ')}.`, { retryAfter: RETRY_SECONDS[kind] })

  return {
    isShed: (kind) => shed.has(kind),
    refuses,
    refusal,
    check(kind) {
      if (refuses(kind)) throw refusal(kind)
    },
    consider(strains, at) {
      const target = Math.max(0, ...strains.map(({ threshold, value }) => levelOf(threshold, value)))
      state = stepLevel(state, target, { at, holdMs })
      shed = new Set(SHED_ORDER.slice(0, state.level))
      if (strains.some(({ threshold }) => threshold.sheds === 'exports')) shed.add('exports')
      const raised = strains
        .filter(({ threshold }) => threshold.sheds !== 'nothing')
        .map(({ threshold }) => threshold.id)
      // While kinds come back one by one, the reason is still the last one.
      if (raised.length > 0 || shed.size === 0) because = raised
    },
    shed: () => SHED_ORDER.filter((kind) => shed.has(kind)),
    info: (ingest) => ({
      order: [...SHED_ORDER, 'ingest'],
      shed: [...SHED_ORDER.filter((kind) => shed.has(kind)), ...(ingest.now ? ['ingest'] : [])],
      refused: { ...Object.fromEntries(refused), ingest: ingest.refused },
      because: [...because],
    }),
  }
}
