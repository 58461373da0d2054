import { LIMITS } from '../../../protocol/src/limits.ts'
import { cutText } from '../core/text.ts'
import { cellRef, notebookRef } from './refs.ts'
import type { Room } from './room.ts'

/** Where the student is: what an instructor has to know who comes. */
function here({ tracker }: Room) {
  const panel = tracker.currentWidget
  const active = panel?.content.activeCell
  if (!panel?.model) return {}
  return { notebook: notebookRef(panel), cell: active ? cellRef(panel, active.model) : undefined }
}

/** Raises the hand, with a sentence or without. */
export async function requestHelp(room: Room, sentence: string): Promise<void> {
  const message = cutText(sentence.trim(), LIMITS.helpMessageChars)
  await room.capture({ type: 'help_requested', ...here(room), data: message === '' ? {} : { message } })
}

/** Takes the hand down. */
export async function withdrawHelp(room: Room): Promise<void> {
  await room.capture({ type: 'help_withdrawn', ...here(room) })
}
