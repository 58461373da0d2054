import type { MessageKind, MessageState } from '../../../protocol/src/message-words.ts'
import type { OwnMessage } from '../../../protocol/src/talk.ts'
import type { Shape } from './server.ts'

/** What a socket says of messages (SPEC TLK-2, TLK-5). */
export type TalkNews =
  | { readonly kind: 'message'; readonly message: OwnMessage }
  | { readonly kind: 'messageWithdrawn'; readonly id: string }

const KINDS: readonly MessageKind[] = ['message', 'hint', 'cell', 'banner']
/** How far a message has come, from the least; of the last three the newest holds. */
const STATES: readonly MessageState[] = ['sent', 'seen', 'later', 'applied', 'declined']
const MOST = 100

const isShape = (value: unknown): value is Shape => typeof value === 'object' && value !== null
const isText = (value: unknown): value is string => typeof value === 'string'

/** What is safe to be shown of a place: both ids are texts. */
function placeOf({ notebook, cell }: Shape): Pick<OwnMessage, 'notebook' | 'cell'> {
  const isNotebook = isShape(notebook) && isText(notebook['id'])
  const isCell = isShape(cell) && isText(cell['id'])
  return {
    ...(isNotebook ? { notebook: notebook as NonNullable<OwnMessage['notebook']> } : {}),
    ...(isCell ? { cell: cell as NonNullable<OwnMessage['cell']> } : {}),
  }
}

/** A message of the server; undefined when it is none. */
export function ownMessageOf(value: unknown): OwnMessage | undefined {
  if (!isShape(value)) return undefined
  const { id, at, from, text, request } = value
  const kind = KINDS.find((known) => known === value['kind'])
  const state = STATES.find((known) => known === value['state']) ?? 'sent'
  if (!isText(id) || typeof at !== 'number' || !isText(from) || !isText(text) || !kind) return undefined
  return { id, at, from, kind, text, state, ...placeOf(value), ...(isText(request) ? { request } : {}) }
}

/** What a frame says of messages; undefined when it says nothing of them. */
export function talkNewsOf(frame: Shape): TalkNews | undefined {
  const { kind, id } = frame
  if (kind === 'messageWithdrawn' && isText(id)) return { kind, id }
  const message = kind === 'message' ? ownMessageOf(frame['message']) : undefined
  return message && { kind: 'message', message }
}

/** The messages after news of them, the newest last. */
export function afterNews(messages: readonly OwnMessage[], news: TalkNews): readonly OwnMessage[] {
  const id = news.kind === 'message' ? news.message.id : news.id
  const others = messages.filter((message) => message.id !== id)
  return news.kind === 'message' ? [...others, news.message].slice(-MOST) : others
}

/** The messages, with what this page said to each since the server was asked. */
export function withOwnAnswers(
  messages: readonly OwnMessage[],
  said: ReadonlyMap<string, MessageState>,
): readonly OwnMessage[] {
  return messages.map((message) => {
    const own = said.get(message.id)
    const isAhead = own !== undefined && STATES.indexOf(own) >= STATES.indexOf(message.state)
    return isAhead ? { ...message, state: own } : message
  })
}
