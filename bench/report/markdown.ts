import type { Bar, Block } from './document.ts'

const BAR_CHARS = 40

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const rowOf = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`

/** Bars of block characters, which every reader of Markdown shows. */
function bars(list: readonly Bar[]): string {
  const most = Math.max(...list.map(({ value }) => value), Number.MIN_VALUE)
  const width = Math.max(...list.map(({ name }) => name.length))
  const lines = list.map(({ name, value, shown }) => {
    const length = Math.max(1, Math.round((value / most) * BAR_CHARS))
    return `${name.padEnd(width)}  ${'█'.repeat(length)} ${shown}`
  })
  return ['```text', ...lines, '```'].join('\n')
}

function block(one: Block): string {
  switch (one.kind) {
    case 'heading':
      return `${'#'.repeat(one.level)} ${one.text}`
    case 'text':
      return one.text
    case 'list':
      return one.items.map((item) => `- ${item.replaceAll('\n', ' ')}`).join('\n')
    case 'table':
      return [rowOf(one.head), rowOf(one.head.map(() => '---')), ...one.rows.map(rowOf)].join('\n')
    case 'plot':
      return `**${one.title}**\n\n${bars(one.bars)}`
  }
}

/** A report as Markdown. */
export function markdownOf(blocks: readonly Block[]): string {
  return `${blocks.map(block).join('\n\n')}\n`
}
