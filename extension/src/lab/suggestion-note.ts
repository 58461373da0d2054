import { Widget, type PanelLayout } from '@lumino/widgets'
import type { OwnMessage } from '../../../protocol/src/talk.ts'
import type { Texts } from '../texts/texts.ts'
import { h } from './dom.ts'
import type { OpenCell } from './message-place.ts'
import type { Suggestions } from './suggestions.ts'

type Cell = OpenCell['cell']

interface Parts {
  readonly cell: Cell
  readonly message: OwnMessage
  readonly texts: Texts
  readonly suggestions: Suggestions
  /** The student has read the hint. */
  readonly close: () => void
}

/** What staff offer, below the cell it belongs to. */
export class SuggestionNote extends Widget {
  readonly cell: Cell
  readonly state: OwnMessage['state']

  constructor(parts: Parts) {
    super()
    const { message, texts, cell } = parts
    this.state = message.state
    this.cell = cell
    const { talk } = texts
    const title = message.kind === 'hint' ? talk.hintFrom(message.from) : talk.cellFrom(message.from)
    const isOpen = message.kind === 'cell' || message.state === 'applied'
    const body = message.kind === 'cell' ? h('pre', {}, message.text) : h('p', {}, message.text)
    this.addClass('lectern-suggestion')
    this.node.setAttribute('role', 'note')
    this.node.setAttribute('aria-label', title)
    this.node.append(h('p', { class: 'lectern-suggestion-title' }, title))
    if (isOpen) this.node.append(body)
    this.node.append(h('div', { class: 'lectern-actions' }, ...this.#buttons(parts)))
    // The notebook takes keys and clicks for its own: here they are for the buttons.
    this.node.dataset['lmSuppressShortcuts'] = 'true'
    for (const type of ['mousedown', 'keydown']) this.node.addEventListener(type, (event) => event.stopPropagation())
    void this.#stand()
  }

  /** At the end of the cell, whose parts are made when it is first scrolled to. */
  async #stand(): Promise<void> {
    await this.cell.ready
    if (!this.isDisposed && !this.cell.isDisposed) (this.cell.layout as PanelLayout).addWidget(this)
  }

  /** True if some of it is on the screen. */
  isInView(): boolean {
    const { top, bottom } = this.node.getBoundingClientRect()
    return this.isAttached && this.isVisible && bottom > 0 && top < innerHeight
  }

  #buttons({ message, texts: { talk }, suggestions, close }: Parts): HTMLElement[] {
    const button = (label: string, onClick: () => void, isPrimary = false) => {
      const node = h('button', { type: 'button', class: `lectern-button${isPrimary ? ' lectern-primary' : ''}` }, label)
      node.addEventListener('click', onClick)
      return node
    }
    if (message.state === 'applied') return [button(talk.close, close)]
    const kind = message.kind === 'hint' ? 'hint' : 'cell'
    return [
      button(talk.apply[kind], () => void suggestions.apply(message), true),
      button(talk.later, () => suggestions.answer(message, 'later')),
      button(talk.decline, () => suggestions.answer(message, 'declined')),
    ]
  }
}
