import type { OpenRun, Outbox } from './outbox.ts'

/** A run that begins now. */
export type BegunRun = Omit<OpenRun, 'id' | 'install' | 'page'>

interface Parts {
  readonly outbox: Outbox
  readonly inOrder: <T>(work: () => Promise<T>) => Promise<T>
  readonly newId: (at: number) => string
  /** Session of this page. */
  readonly page: string
  /** The install whose runs may be told now, if any. */
  readonly install: () => string | undefined
}

/** Notes runs when they begin, so that their ends are told even if this page ends before them. */
export function createRunNotes({ outbox, inOrder, newId, page, install }: Parts) {
  /** Runs that the storage knows of and this page is to tell. */
  const noted = new Set<string>()
  return {
    /** Gives the run's id, or undefined when nothing may be captured. */
    begins(run: BegunRun): string | undefined {
      const owner = install()
      if (owner === undefined) return undefined
      const id = newId(run.at)
      const note = async () => {
        await outbox.begin({ ...run, id, install: owner, page })
        noted.add(id)
      }
      // Without a note the run is told when it ends, if this page lives so long.
      void inOrder(note).catch(() => {})
      return id
    },
    /** Runs of pages that are gone: of all `alive` says no to. They are this page's to tell from now on. */
    orphans: (alive: (page: string) => boolean): Promise<OpenRun[]> =>
      inOrder(async () => {
        const left = (await outbox.openRuns()).filter((run) => !alive(run.page))
        for (const { id } of left) noted.add(id)
        return left
      }),
    /** The run, if it was noted and has not been told. */
    take: (run: string | undefined): { run?: string } => (run !== undefined && noted.delete(run) ? { run } : {}),
    /** What is not to be told here is not to be told by another page either. */
    drop: (run: string): Promise<void> => inOrder(() => outbox.drop(run)),
  }
}
