import type { Owner } from '../keys/vault.ts'
import type { HttpParts } from './parts.ts'

/** Notes in the log that a student shares, or no longer (SPEC CON-5), and removes reports that say otherwise (SPEC REP-3). */
export async function noteSharing(
  { log, work: { reports } }: Pick<HttpParts, 'log' | 'work'>,
  owner: Owner,
  sharing: boolean,
): Promise<void> {
  await log.append([{ ...owner, type: 'sharing_changed', data: { sharing } }])
  await reports.forget(owner.class)
}
