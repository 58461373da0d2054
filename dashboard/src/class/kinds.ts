import type { AttentionKind } from '@lectern/protocol'

/** What a student may need, in the order in which the page shows it. */
export const KINDS = ['help', 'stuck', 'failing', 'active', 'idle', 'away'] as const satisfies readonly AttentionKind[]

/** Students by what they need. */
export type Counts = Readonly<Record<AttentionKind, number>>
