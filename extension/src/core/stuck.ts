/** The same error again and again in one cell. */
export interface Stuck {
  readonly name: string
  /** Runs in a row that ended in it. */
  readonly count: number
  /** Of the first of them, in ms of this computer's clock. */
  readonly since: number
}

/** Numbers, addresses and quoted text differ between two runs of one mistake. */
function signatureOf({ name, message }: { name: string; message: string }): string {
  return `${name} ${message.replaceAll(/0x[\da-f]+|\d+/gi, '#').replaceAll(/'[^']*'|"[^"]*"/g, '""')}`
}

/** Counts the same errors in a row, cell by cell. */
export function createStuckCells(clock: () => number) {
  const cells = new Map<string, Stuck & { signature: string }>()
  return {
    /** A run of a cell has ended, with this error or with none; gives how often that error has come in a row. */
    ran(cell: string, error: { name: string; message: string } | undefined): Stuck | undefined {
      if (!error) {
        cells.delete(cell)
        return undefined
      }
      const signature = signatureOf(error)
      const before = cells.get(cell)
      const same = before?.signature === signature ? before : undefined
      const now = { name: error.name, signature, count: (same?.count ?? 0) + 1, since: same?.since ?? clock() }
      cells.set(cell, now)
      return now
    },
  }
}
