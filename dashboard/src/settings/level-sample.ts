import { keepAtLevel, type CollectionLevel, type StudentState } from '@lectern/protocol'

const MINUTE_MS = 60_000
const RUNS = 3

/** A run that fails, as a client would send it at the highest level. */
const RUN = {
  durationMs: 12,
  executionCount: 7,
  sourceBytes: 58,
  outputBytes: 13,
  status: 'error',
  errorName: 'NameError',
  errorMessage: "name 'totl' is not defined",
  source: 'total = sum(prices)\nprint("Sum:", totl)',
  outputs: [{ kind: 'stdout', text: 'Sum of prices' }],
} as const

/** What was typed before it. */
const EDIT = {
  typed: 34,
  pasted: 0,
  deleted: 5,
  deltas: [
    ['+', 'prin'],
    ['-', 'n'],
    ['+', 'nt("Sum:", totl)'],
  ],
} as const

/** What is left of an example at a level: members that are not kept are absent. */
export interface LevelSample {
  readonly run: Partial<typeof RUN>
  readonly edit: Partial<typeof EDIT>
}

/** The example as the server would keep it at a level, by the rule that the server itself follows (SPEC LVL-1). */
export function sampleAt(level: CollectionLevel): LevelSample {
  return {
    run: keepAtLevel('cell_executed', RUN, level),
    edit: keepAtLevel('cell_edited', EDIT, level),
  }
}

/** The student of the example as the class page would know them. `now`: ms. */
export function studentAt({ run }: LevelSample, now: number): StudentState {
  const cell = { id: 'c7', index: 6, type: 'code' } as const
  const failed = run.status === 'error' ? RUNS : 0
  const about = { count: RUNS, cell: cell.index, since: now - 6 * MINUTE_MS }
  const recent = Object.fromEntries(
    [8, 6, 3, 2].map((ago, index) => [Math.floor(now / MINUTE_MS) - ago, [1, failed > 0 && index > 0 ? 1 : 0]]),
  )
  return {
    firstAt: now - 40 * MINUTE_MS,
    lastAt: now,
    online: true,
    notebook: { id: 'week-3', path: 'week-3.ipynb' },
    cell,
    executions: 4,
    failures: failed,
    recent: recent as Record<string, [number, number]>,
    attention: [
      failed > 0
        ? { from: now, kind: 'stuck', score: 700, reason: { code: 'same_error', error: run.errorName ?? '', ...about } }
        : { from: now, kind: 'active', score: 100, reason: { code: 'working' } },
    ],
  }
}
