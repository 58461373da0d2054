import type { CellProgress, ClassState, NotebookRef } from '@lectern/protocol'

/** The cells of one notebook that anyone ran, in notebook order. */
export interface NotebookProgress {
  readonly notebook: NotebookRef
  readonly cells: readonly (CellProgress & { readonly key: string })[]
  /** Students who ran any cell of it: the most who reached one. */
  readonly students: number
  /** The cell at which most students fail now, if any do. */
  readonly hardest: string | undefined
}

/** Cells by notebook; the notebook with most runs first. */
export function progressOf(cells: ClassState['cells']): readonly NotebookProgress[] {
  const books = new Map<string, (CellProgress & { key: string })[]>()
  for (const [key, cell] of Object.entries(cells)) {
    const known = books.get(cell.notebook.id)
    if (known) known.push({ ...cell, key })
    else books.set(cell.notebook.id, [{ ...cell, key }])
  }
  const tries = (book: readonly CellProgress[]) => book.reduce((sum, cell) => sum + cell.tries, 0)
  return [...books.values()]
    .sort((a, b) => tries(b) - tries(a))
    .flatMap((book) => {
      const [first] = book
      if (!first) return []
      const ordered = book.sort((a, b) => a.cell.index - b.cell.index || (a.key < b.key ? -1 : 1))
      const worst = ordered.reduce((a, b) => (b.failing > a.failing ? b : a))
      return {
        notebook: first.notebook,
        cells: ordered,
        students: Math.max(...ordered.map(({ reached }) => reached)),
        hardest: worst.failing > 0 ? worst.key : undefined,
      }
    })
}

/** The file's name without its folders and extension. */
export function notebookName({ path, id }: NotebookRef): string {
  const file = (path || id).split('/').at(-1) ?? id
  return file.replace(/\.ipynb$/, '')
}
