import { Type, type Static } from 'typebox'

/**
 * What staff say to students: plain words; words about a cell; the source of a cell that is offered, never put in unasked;
 * "pause and look here", until it is ended.
 */
export const MessageKind = Type.Union([
  Type.Literal('message'),
  Type.Literal('hint'),
  Type.Literal('cell'),
  Type.Literal('banner'),
])
export type MessageKind = Static<typeof MessageKind>

/** A student's answer to a message. */
export const MessageOutcome = Type.Union([Type.Literal('applied'), Type.Literal('later'), Type.Literal('declined')])
export type MessageOutcome = Static<typeof MessageOutcome>

/** How far a message has come with one student (SPEC TLK-4). */
export const MessageState = Type.Union([Type.Literal('sent'), Type.Literal('seen'), ...MessageOutcome.anyOf])
export type MessageState = Static<typeof MessageState>
