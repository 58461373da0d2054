import type { OwnMessage } from '@lectern/protocol'
import type { KeptMessage } from './live.ts'

/** A message as its student is shown it: who of the staff wrote it by name, and nothing of whom else it went to. */
export function ownMessage(
  { by: _by, group: _group, everyone: _everyone, ...message }: KeptMessage,
  from: string,
): OwnMessage {
  return { ...message, from }
}
