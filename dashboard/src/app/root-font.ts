/** Pixels of one rem: it follows the width of the window and what the reader has set. */
export function rootFontPx(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16
}
