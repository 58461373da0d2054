import type { MessageOutcome, MessageState } from '../../../protocol/src/message-words.ts'
import type { OwnMessage } from '../../../protocol/src/talk.ts'
import type { Captured } from './captured.ts'
import type { Client } from './client.ts'
import { afterNews, ownMessageOf, withOwnAnswers, type TalkNews } from './own-messages.ts'
import { createStore, type Store } from './store.ts'

/** What staff say to this student, and what the student answers. */
export interface Talk {
  /** The newest last. */
  readonly messages: Store<readonly OwnMessage[]>
  /** Asks the server for all that is at hand, also what came while nobody was there (SPEC TLK-3). */
  load(): Promise<void>
  heard(news: TalkNews): void
  /** The message was shown (SPEC TLK-4). */
  seen(message: OwnMessage): void
  answer(message: OwnMessage, outcome: MessageOutcome): void
  /** Another student, or another class. */
  clear(): void
}

interface Parts {
  readonly own: Client['own']
  readonly capture: (captured: Captured) => Promise<unknown>
}

/** Keeps the messages of this page in step with the server and with what was said here. */
export function createTalk({ own, capture }: Parts): Talk {
  const messages = createStore<readonly OwnMessage[]>([])
  const said = new Map<string, MessageState>()
  /** What was heard since the server was asked; its answer may be older. */
  let heardSince: TalkNews[] = []
  let asked = 0

  const show = (next: readonly OwnMessage[]) => messages.set(withOwnAnswers(next, said))
  const say = (message: OwnMessage, state: MessageState, captured: Pick<Captured, 'type' | 'data'>) => {
    said.set(message.id, state)
    show(messages.get())
    const { notebook, cell } = message
    // A failure of the storage shows in the status; the message stays as it is until it is asked for again.
    void capture({ ...captured, notebook, cell }).catch(() => said.delete(message.id))
  }

  return {
    messages,
    async load() {
      asked += 1
      const mine = asked
      heardSince = []
      const answer = await own({ method: 'GET', path: '/me/messages' })
      const listed = answer.ok ? answer.value['messages'] : undefined
      if (mine !== asked || !Array.isArray(listed)) return
      const known: readonly OwnMessage[] = listed.map(ownMessageOf).filter((message) => message !== undefined)
      show(heardSince.reduce(afterNews, known))
    },
    heard(news) {
      heardSince.push(news)
      show(afterNews(messages.get(), news))
    },
    seen(message) {
      if (message.state !== 'sent' || said.has(message.id)) return
      say(message, 'seen', { type: 'message_seen', data: { message: message.id } })
    },
    answer: (message, outcome) =>
      say(message, outcome, { type: 'message_answered', data: { message: message.id, outcome } }),
    clear() {
      asked += 1
      said.clear()
      messages.set([])
    },
  }
}
