import { Widget } from '@lumino/widgets'

/** The item of the status bar: a button with one line of text. */
export class StatusItem extends Widget {
  readonly #button: HTMLButtonElement

  constructor(onClick: () => void) {
    super()
    this.#button = document.createElement('button')
    this.#button.type = 'button'
    this.#button.className = 'lectern-status'
    this.#button.addEventListener('click', onClick)
    this.node.append(this.#button)
  }

  /** Says `line`; `tip` says more on hover. */
  say(line: string, tip: string): void {
    this.#button.textContent = line
    this.#button.title = tip
  }
}
