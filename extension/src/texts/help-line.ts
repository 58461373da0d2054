import type { HelpWord } from '../core/help-word.ts'
import type { Texts } from './texts.ts'

/** How an open request stands, in a few words: who is coming, else the place in the queue. */
export function helpLine({ help }: Texts, { coming, place }: HelpWord): string {
  if (coming !== undefined) return help.coming(coming)
  if (place === undefined) return help.onItsWay
  return place === 1 ? help.next : help.place(place)
}
