import type { RulesOutcome, RulesTrial } from '@lectern/protocol'
import { CodedError } from '../errors.ts'
import type { Workers } from './workers.ts'

const KIND = 'rules-trial'
/** Whoever asks waits so long for the result. */
const WAIT_MS = 10_000

/** Trials of rules on what has happened in a class. */
export interface RulesTrials {
  /** Undefined while it still goes on: asking the same again waits for the same. Throws `internal` when it could not be done. */
  run(classId: string, trial: RulesTrial): Promise<RulesOutcome | undefined>
}

/** Makes the trials over the jobs. */
export function createRulesTrials(workers: Pick<Workers, 'add' | 'ended'>): RulesTrials {
  return {
    async run(classId, { rules, from, to }) {
      if (from !== undefined && to !== undefined && to < from) {
        throw new CodedError('bad_request', '`to` is before `from`.')
      }
      const span = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
      const { id } = await workers.add(KIND, { class: classId, rules, ...span })
      const row = await workers.ended(id, WAIT_MS)
      if (row.state === 'dead') throw new CodedError('internal', 'The rules could not be tried.')
      return row.state === 'done' ? (JSON.parse(row.result ?? '{}') as RulesOutcome) : undefined
    },
  }
}
