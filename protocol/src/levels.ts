import { Type, type Static } from 'typebox'
import type { EventType } from './events.ts'

/** Collection level of a class: 0 counts, 1 + states and error names, 2 + error text and source, 3 + outputs, 4 + edit deltas. */
export const Level = Type.Union([Type.Literal(0), Type.Literal(1), Type.Literal(2), Type.Literal(3), Type.Literal(4)])
export type CollectionLevel = Static<typeof Level>

/** Days for which the data of a class is kept after its end, unless the class says otherwise. */
export const RETENTION_DAYS = 180

/** Level of a new class. */
export const DEFAULT_LEVEL: CollectionLevel = 2

/**
 * Lowest collection level at which a member of `data` is kept (SPEC LVL-1).
 * It is also the list of members that exist: what is not named is dropped.
 */
export const FIELD_LEVELS: { readonly [K in EventType]: Readonly<Record<string, CollectionLevel>> } = {
  session_started: { client: 0, language: 0 },
  session_ended: { reason: 0 },
  notebook_opened: { cells: 0, kernel: 1 },
  notebook_saved: { cells: 0 },
  notebook_closed: {},
  notebook_renamed: {},
  cell_executed: {
    startedAt: 0,
    endedAt: 0,
    durationMs: 0,
    executionCount: 0,
    sourceBytes: 0,
    outputBytes: 0,
    stdoutBytes: 0,
    stderrBytes: 0,
    status: 1,
    errorName: 1,
    errorMessage: 2,
    traceback: 2,
    source: 2,
    outputs: 3,
  },
  cell_added: { count: 0, cells: 0 },
  cell_removed: { count: 0, cells: 0 },
  cell_edited: { typed: 0, pasted: 0, deleted: 0, deltas: 4 },
  kernel_status: { status: 1 },
  presence: { focus: 1, idleMs: 1 },
  help_requested: { message: 0 },
  help_withdrawn: {},
  help_resolved: { by: 0 },
  help_claimed: { by: 0 },
  help_released: { by: 0 },
  message_sent: { message: 0, by: 0, kind: 0, text: 0, request: 0, group: 0, everyone: 0 },
  message_withdrawn: { message: 0 },
  message_seen: { message: 0 },
  message_answered: { message: 0, outcome: 0 },
  erased: {},
  sharing_changed: { sharing: 0 },
  connection_lost: {},
  connection_back: {},
  rules_changed: {
    rules: 0,
    experiment: 0,
    activeForMs: 0,
    awayAfterMs: 0,
    stuckErrors: 0,
    stuckTryingMs: 0,
    stuckSilentMs: 0,
  },
  custom: { name: 1, value: 2 },
}

/**
 * The members of `data` that survive at `level`, in a new object (SPEC LVL-1).
 * A help message is kept at every level: the student wrote it to be read.
 */
export function keepAtLevel(
  type: EventType,
  data: Readonly<Record<string, unknown>>,
  level: CollectionLevel,
): Record<string, unknown> {
  const fields = FIELD_LEVELS[type]
  const kept: Record<string, unknown> = {}
  for (const name in fields) {
    if ((fields[name] as CollectionLevel) > level || !Object.hasOwn(data, name)) continue
    const value = data[name]
    if (value !== undefined) kept[name] = value
  }
  return kept
}
