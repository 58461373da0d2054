/** Prints the page; with `part` only what is marked with that `data-print`. */
export function printPart(part?: string): void {
  const root = document.documentElement
  const marked = part === undefined ? [] : document.querySelectorAll(`[data-print="${CSS.escape(part)}"]`)
  if (marked.length > 0) root.dataset['printing'] = ''
  for (const one of marked) one.classList.add('is-printed')
  // Where printing does not wait for its dialog, the page must stay like this until it is closed.
  const restore = () => {
    for (const one of marked) one.classList.remove('is-printed')
    delete root.dataset['printing']
  }
  window.addEventListener('afterprint', restore, { once: true })
  window.print()
}
