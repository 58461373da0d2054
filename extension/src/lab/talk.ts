import type { OwnMessage } from '../../../protocol/src/talk.ts'
import { createMessagesSection } from '../panel/messages-section.tsx'
import { addBanner } from './banner.ts'
import { addMessageNotices } from './message-notices.ts'
import { goToCell, openCellOf } from './message-place.ts'
import type { OwnNotebooks } from './progress.ts'
import type { Room } from './room.ts'
import { addSuggestions } from './suggestions.ts'

const SECTION = 'messages'
/** Where no socket opens, the server is asked. */
const ASK_EVERY_MS = 60_000

/** Asks for the messages whenever the student has come into a class or the line opens, and now and then while there is none. */
function followClass({ shown, talk }: Room): void {
  let install: string | undefined
  let wasLive = false
  const look = () => {
    const { standing, status } = shown.get()
    const now = standing.kind === 'in' && status.join?.member ? status.join.install : undefined
    const hasCome = now !== install
    if (hasCome) talk.clear()
    if (now !== undefined && (hasCome || (status.live && !wasLive))) void talk.load()
    install = now
    wasLive = status.live
  }
  shown.subscribe(look)
  look()
  setInterval(() => {
    if (install !== undefined && !shown.get().status.live && document.visibilityState === 'visible') void talk.load()
  }, ASK_EVERY_MS)
}

/** What staff say: as quiet notices, in the panel, beside the cell it belongs to, and as a bar. */
export function addTalk(room: Room, notebooks: OwnNotebooks): void {
  const { app, panel, texts, tracker } = room
  const suggestions = addSuggestions(room)
  const Body = createMessagesSection({ room, suggestions, notebooks })
  panel.add({ id: SECTION, title: texts.talk.title, rank: 20, Body })
  const open = (message: OwnMessage) => {
    const cell = message.kind === 'message' ? undefined : openCellOf(tracker, message)
    if (cell) void goToCell((id) => app.shell.activateById(id), cell)
    else panel.reveal(SECTION)
  }
  addMessageNotices(room, { open, isInView: suggestions.isInView })
  addBanner(room)
  followClass(room)
}
