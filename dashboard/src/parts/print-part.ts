/** Unmarks what was printed. */
function restore(): void {
  for (const one of document.querySelectorAll('.is-printed')) one.classList.remove('is-printed')
  delete document.documentElement.dataset['printing']
}

/** Prints the page; with `part` only what is marked with that `data-print`. */
export function printPart(part?: string): void {
  // A browser that told of no end left the last one marked.
  restore()
  const marked = part === undefined ? [] : document.querySelectorAll(`[data-print="${CSS.escape(part)}"]`)
  if (marked.length > 0) document.documentElement.dataset['printing'] = ''
  for (const one of marked) one.classList.add('is-printed')
  // Where printing does not wait for its dialog, the page must stay like this until it is closed.
  window.addEventListener('afterprint', restore, { once: true })
  window.print()
}
