import type { Owner } from '../keys/vault.ts'
import type { HttpParts } from './parts.ts'

/** Notes in the log that a student shares, or no longer (SPEC CON-5), and ends what says otherwise: reports (SPEC REP-3), replays. */
export async function noteSharing(
  { log, work: { reports, replays } }: Pick<HttpParts, 'log' | 'work'>,
  owner: Owner,
  sharing: boolean,
): Promise<void> {
  await log.append([{ ...owner, type: 'sharing_changed', data: { sharing } }])
  replays.forget(owner.class)
  await reports.forget(owner.class)
}
