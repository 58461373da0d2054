import type { TalkNews } from './own-messages.ts'
import type { Problem } from './server.ts'

/** What the tab that sends has to say. */
interface News {
  readonly kind: 'changed'
  readonly problem: Problem | undefined
  readonly live: boolean
}

/** What tabs say to each other: something was kept, the tab that sends has news, or staff said something to it. */
type Said = { readonly kind: 'kept' } | News | { readonly kind: 'talk'; readonly news: TalkNews }

interface Parts {
  readonly onKept: () => void
  readonly onNews: (news: News) => void
  /** After either. */
  readonly onAny: () => void
  readonly onTalk: (news: TalkNews) => void
}

/** Talks with the other tabs of this browser, where there is a channel. */
export function createTabs(channel: BroadcastChannel | undefined, { onKept, onNews, onAny, onTalk }: Parts) {
  channel?.addEventListener('message', ({ data }: MessageEvent<Said>) => {
    if (data.kind === 'talk') return onTalk(data.news)
    if (data.kind === 'kept') onKept()
    else onNews(data)
    onAny()
    return undefined
  })
  return {
    say: (said: Said): void => channel?.postMessage(said),
    close: (): void => channel?.close(),
  }
}
