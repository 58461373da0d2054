import type { CellRef, MessageKind, NewMessage, NotebookRef } from '@lectern/protocol'
import type { SayWish } from './say.tsx'

/** A message as it is being written. */
export interface Draft {
  readonly kind: MessageKind
  readonly text: string
  readonly notebook?: NotebookRef | undefined
  readonly cell?: CellRef | undefined
  readonly resolves: boolean
}

/** What a form begins with. */
export function draftOf({ kind, notebook, cell, closes = false }: SayWish): Draft {
  return { kind: kind ?? (cell ? 'hint' : 'message'), text: '', notebook, cell, resolves: closes }
}

/** Kinds that can be sent: a banner is for everyone. */
export function kindsFor({ to }: SayWish): readonly MessageKind[] {
  return 'everyone' in to ? ['message', 'hint', 'cell', 'banner'] : ['message', 'hint', 'cell']
}

/** What still is missing before it can be sent. */
export function missingIn({ kind, text, cell }: Draft): 'text' | 'cell' | undefined {
  if (text.trim() === '') return 'text'
  return kind === 'cell' && !cell ? 'cell' : undefined
}

/** The message that is sent. A banner and a plain message to everyone belong nowhere. */
export function messageOf(
  { to, request, closes }: SayWish,
  { kind, text, notebook, cell, resolves }: Draft,
): NewMessage {
  const isPlaced = kind === 'hint' || kind === 'cell' || request !== undefined
  return {
    to,
    kind,
    text,
    ...(isPlaced && notebook ? { notebook } : {}),
    ...(isPlaced && cell ? { cell } : {}),
    ...(request === undefined ? {} : { request }),
    ...(closes && resolves ? { resolves: true } : {}),
  }
}
