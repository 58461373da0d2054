import type { Shape } from './server.ts'

/** What the server said last of the student's request for help (SPEC TLK-7); times in ms of the server's clock. */
export interface HelpWord {
  readonly open: boolean
  readonly since?: number
  /** 1 for the next; absent while somebody is coming, or before the server has said. */
  readonly place?: number
  /** Name of the member of staff who comes. */
  readonly coming?: string
}

/** A request as this browser knows it: the server's word, and what was asked here. */
export interface HelpState extends HelpWord {
  /** Of the last request or withdrawal that was captured here. */
  readonly seq?: number
  /** Id of the event that asked; an answer of the staff names it. */
  readonly event?: string
  /** The sentence that was written. */
  readonly message?: string
}

/** What a `help` frame says. */
export function helpWordOf({ open, since, place, coming }: Shape): HelpWord {
  if (open !== true) return { open: false }
  return {
    open: true,
    ...(typeof since === 'number' ? { since } : {}),
    ...(typeof place === 'number' ? { place } : {}),
    ...(typeof coming === 'string' ? { coming } : {}),
  }
}

/** The request after the server's word: what was written here stays known as long as it is open. */
export function helpAfter({ event, message }: HelpState, word: HelpWord): HelpState {
  const own = { ...(event === undefined ? {} : { event }), ...(message === undefined ? {} : { message }) }
  return word.open ? { ...own, ...word } : { open: false, ...(event === undefined ? {} : { event }) }
}
