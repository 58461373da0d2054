import { Notification } from '@jupyterlab/apputils'
import type { OwnMessage } from '../../../protocol/src/talk.ts'
import type { Texts } from '../texts/texts.ts'
import type { Room } from './room.ts'

const SHOWN_MS = 15_000
/** After a long absence: the others stand in the panel. */
const MOST_AT_ONCE = 3

function noticeText({ talk }: Texts, { kind, from, text }: OwnMessage): string {
  if (kind === 'hint') return talk.notice.hint(from)
  return kind === 'cell' ? talk.notice.cell(from) : talk.notice.message(from, text)
}

interface Ways {
  /** Shows the message where it can be answered. */
  readonly open: (message: OwnMessage) => void
  /** It needs no notice: it stands before the student's eyes. */
  readonly isInView: (message: OwnMessage) => boolean
}

/** Tells quietly of each new message, once the page can be seen; the keyboard stays where it is. */
export function addMessageNotices({ talk, texts }: Room, { open, isInView }: Ways): void {
  const told = new Set<string>()
  const tell = (message: OwnMessage) => {
    if (isInView(message)) return talk.seen(message)
    const actions = [{ label: texts.talk.open, callback: () => open(message) }]
    Notification.info(noticeText(texts, message), { autoClose: SHOWN_MS, actions })
    talk.seen(message)
  }
  const look = () => {
    if (document.visibilityState === 'hidden') return
    const fresh = talk.messages
      .get()
      .filter(({ id, kind, state }) => state === 'sent' && kind !== 'banner' && !told.has(id))
    for (const { id } of fresh) told.add(id)
    // What stands beside a cell is put there first.
    setTimeout(() => fresh.slice(-MOST_AT_ONCE).forEach(tell))
  }
  talk.messages.subscribe(look)
  document.addEventListener('visibilitychange', () => {
    // Another tab may have shown them meanwhile.
    if (document.visibilityState === 'visible') void talk.load().then(look)
  })
}
