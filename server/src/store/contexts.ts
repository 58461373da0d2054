// What each sealed text of the log belongs to: sealed bytes that are put in another place can not be opened there.

/** The name of a notebook. */
export const NOTEBOOK_CONTEXT = 'notebook'
/** An event with a known id and other content. */
export const CONFLICT_CONTEXT = 'conflict'
/** The state of a fold. */
export const CHECKPOINT_CONTEXT = 'checkpoint'
/** Events that were sealed together; `n` is the key of the first. */
export const runContext = (n: number): string => `events from ${n}`
/** An event that was sealed alone. */
export const eventContext = (n: number): string => `event ${n}`
