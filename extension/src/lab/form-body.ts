import { Widget } from '@lumino/widgets'

/** The body of a dialog whose accepting button waits until every field is valid. */
export class FormBody<T> extends Widget {
  readonly #read: () => T

  constructor(content: readonly Node[], read: () => T) {
    super()
    this.#read = read
    this.addClass('lectern-form')
    this.node.append(...content)
  }

  /** What stands there now; called by the dialog. */
  getValue(): T {
    return this.#read()
  }

  protected override onAfterAttach(): void {
    // The dialog looks at its fields when one changes, and not before.
    requestAnimationFrame(() => this.node.dispatchEvent(new InputEvent('input', { bubbles: true })))
  }
}
