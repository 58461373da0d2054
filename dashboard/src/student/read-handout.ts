import type { CellRef, Handout, HandoutAnswer } from '@lectern/protocol'

const TYPES = new Set(['code', 'markdown', 'raw'])

interface Loose {
  readonly id?: unknown
  readonly cell_type?: unknown
  readonly source?: unknown
}

const textOf = (source: unknown): string =>
  Array.isArray(source) ? source.map(String).join('') : typeof source === 'string' ? source : ''

/** The cells of a notebook file (nbformat 4); undefined when it is none. Cells of old files have no ids and get their place. */
export function readHandout(notebook: string, text: string): Handout | undefined {
  let file: unknown
  try {
    file = JSON.parse(text)
  } catch {
    return undefined
  }
  const cells = typeof file === 'object' && file !== null && 'cells' in file ? file.cells : undefined
  if (!Array.isArray(cells)) return undefined
  return {
    notebook,
    cells: (cells as Loose[]).map(({ id, cell_type: type, source }, index) => ({
      id: typeof id === 'string' && id !== '' ? id : `#${index}`,
      index,
      type: TYPES.has(String(type)) ? (type as CellRef['type']) : 'raw',
      source: textOf(source),
    })),
  }
}

/** What stood in a cell when it was handed out: found by its id, else, for files without ids, by its place. */
export function handedOut(handout: HandoutAnswer | null | undefined, cell: CellRef): string | undefined {
  const found = handout?.cells.find(({ id }) => id === cell.id)
  return (found ?? handout?.cells.find(({ id }) => id === `#${cell.index}`))?.source
}
