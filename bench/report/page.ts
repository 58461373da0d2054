import type { Bar, Block } from './document.ts'
import type { Language } from './lines.ts'

const BAR_HEIGHT = 22
const BAR_GAP = 8
const NAME_WIDTH = 170
const BARS_WIDTH = 360
const VALUE_WIDTH = 110

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1b1f; --soft: #5c5c66; --line: #d9d9e0; --page: #faf9f6; --bar: #1f6fb2; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececf1; --soft: #a3a3ad; --line: #3a3a42; --page: #17171a; --bar: #6cb2ee; }
}
body { margin: 2rem auto; max-width: 70rem; padding: 0 1rem; background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; } h2 { margin-top: 2.5rem; font-size: 1.2rem; }
.plots { display: flex; flex-wrap: wrap; gap: 2rem; } figure { margin: 0; } figcaption { color: var(--soft); margin-bottom: .5rem; }
svg { max-width: 100%; height: auto; } svg text { fill: var(--ink); font-size: 13px; } svg .value { fill: var(--soft); } svg rect { fill: var(--bar); }
.wide { overflow-x: auto; } table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .75rem; text-align: start; vertical-align: top; } th { color: var(--soft); font-weight: 600; }
@media print { body { margin: 0; max-width: none; } }`

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

function svg(title: string, bars: readonly Bar[]): string {
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE)
  const height = bars.length * (BAR_HEIGHT + BAR_GAP)
  const rows = bars.map(({ name, value, shown }, index) => {
    const y = index * (BAR_HEIGHT + BAR_GAP)
    const width = Math.max(2, (value / most) * BARS_WIDTH)
    const base = y + BAR_HEIGHT * 0.7
    return (
      `<text x="0" y="${base}">${escaped(name)}</text>` +
      `<rect x="${NAME_WIDTH}" y="${y}" width="${width.toFixed(1)}" height="${BAR_HEIGHT}" rx="3"/>` +
      `<text class="value" x="${(NAME_WIDTH + width + 8).toFixed(1)}" y="${base}">${escaped(shown)}</text>`
    )
  })
  const width = NAME_WIDTH + BARS_WIDTH + VALUE_WIDTH
  const said = bars.map(({ name, shown }) => `${name}: ${shown}`).join('; ')
  return (
    `<figure><figcaption>${escaped(title)}</figcaption>` +
    `<svg viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-label="${escaped(`${title}. ${said}`)}">${rows.join('')}</svg></figure>`
  )
}

function block(one: Block): string {
  switch (one.kind) {
    case 'heading':
      return `<h${one.level}>${escaped(one.text)}</h${one.level}>`
    case 'text':
      return `<p>${escaped(one.text)}</p>`
    case 'list':
      return `<ul>${one.items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`
    case 'table': {
      const head = one.head.map((text) => `<th scope="col">${escaped(text)}</th>`).join('')
      const rows = one.rows.map((row) => `<tr>${row.map((text) => `<td>${escaped(text)}</td>`).join('')}</tr>`).join('')
      return `<div class="wide" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`
    }
    case 'plot':
      return svg(one.title, one.bars)
  }
}

/** A report as one page that needs nothing else: no script, no other file. */
export function pageOf(blocks: readonly Block[], language: Language): string {
  const title = blocks.find((one) => one.kind === 'heading')?.text ?? ''
  let body = ''
  let inPlots = false
  for (const one of blocks) {
    const isPlot = one.kind === 'plot'
    if (isPlot !== inPlots) body += isPlot ? '<div class="plots">' : '</div>'
    inPlots = isPlot
    body += block(one)
  }
  return (
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<title>${escaped(title)}</title><style>${STYLE}</style></head><body>${body}</body></html>\n`
  )
}
