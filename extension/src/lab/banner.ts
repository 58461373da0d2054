import { Widget } from '@lumino/widgets'
import type { OwnMessage } from '../../../protocol/src/talk.ts'
import { h } from './dom.ts'
import type { Room } from './room.ts'

/** Nobody pauses longer: a bar that staff forgot is gone at the next lesson. */
const LONGEST_MS = 3 * 60 * 60_000
/** Above and below, with the border. */
const PADDING_PX = 14
const LEAST_PX = 42

/** Keeps the newest "pause and look here" at the top of the page until staff end it. */
export function addBanner({ app, talk, texts }: Room): void {
  const hidden = new Set<string>()
  let bar: { readonly id: string; readonly widget: Widget } | undefined

  const current = (): OwnMessage | undefined =>
    talk.messages
      .get()
      .findLast(({ kind, id, at }) => kind === 'banner' && !hidden.has(id) && Date.now() - at < LONGEST_MS)

  /** Above everything in JupyterLab; over it in Notebook 7, which keeps no place there. */
  const show = (widget: Widget) => {
    try {
      app.shell.add(widget, 'header')
      // The shell gives a widget no more height than it says it needs, which shows once it has its width.
      requestAnimationFrame(() => {
        const text = widget.node.firstElementChild?.scrollHeight ?? 0
        widget.node.style.minHeight = `${Math.max(LEAST_PX, text + PADDING_PX)}px`
        widget.parent?.fit()
      })
    } catch {
      widget.addClass('lectern-banner-over')
      Widget.attach(widget, document.body)
    }
  }

  const makeBar = ({ id, from, text }: OwnMessage): Widget => {
    const widget = new Widget()
    widget.id = 'lectern-banner'
    widget.addClass('lectern-banner')
    const hide = h('button', { type: 'button', class: 'lectern-button' }, texts.talk.hide)
    hide.addEventListener('click', () => {
      hidden.add(id)
      look()
    })
    widget.node.append(h('div', { role: 'status' }, h('strong', {}, from), h('span', {}, text)), hide)
    return widget
  }

  const look = () => {
    const message = current()
    if (message?.id === bar?.id) return
    bar?.widget.dispose()
    bar = message && { id: message.id, widget: makeBar(message) }
    if (!message || !bar) return
    show(bar.widget)
    talk.seen(message)
  }
  talk.messages.subscribe(look)
}
