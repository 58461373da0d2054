/** One run that the harness asked JupyterLab for. Its code is like no other. */
export interface Asked {
  readonly code: string
  readonly cell: string
  readonly book: string
}

/** What the harness has done, in its own words: what the log is compared with. */
export interface Done {
  readonly asked: readonly Asked[]
  /** Characters typed into the cells that are typed into. */
  readonly typed: number
  /** Codes of runs that were under way when their page or notebook went: their end may not have been seen. */
  readonly left: ReadonlySet<string>
  /** Codes of runs that were under way when their kernel was restarted: it is interrupted first, and may live to say so. */
  readonly restarted: ReadonlySet<string>
}

const BODIES = {
  good: (n: number) => `print(${n})`,
  bad: (n: number) => `raise ValueError(${n})`,
  slow: (n: number) => `import time; time.sleep(0.4); print(${n})`,
  long: (n: number) => `import time; time.sleep(20); print(${n})`,
}
export type Body = keyof typeof BODIES

/** Keeps the account of what is done. */
export function createAccount() {
  const asked: Asked[] = []
  const left = new Set<string>()
  const restarted = new Set<string>()
  let typed = 0
  let number = 0
  return {
    /** New code for a cell; it counts as asked for. */
    ask(body: Body, cell: string, book: string): string {
      number += 1
      const code = `# step ${number}\n${BODIES[body](number)}`
      asked.push({ code, cell, book })
      return code
    },
    /** Code that was typed by hand counts as it stands. */
    askTyped(code: string, cell: string, book: string): void {
      asked.push({ code, cell, book })
      typed += code.length
    },
    nextName: (): string => `step_${(number += 1)}`,
    /** The page of `book`, or `book` itself, goes now. */
    leave(books: readonly string[]): void {
      for (const { code, book } of asked) if (books.includes(book)) left.add(code)
    },
    /** The kernel of `book` is restarted now. */
    restart(book: string): void {
      for (const one of asked) if (one.book === book) restarted.add(one.code)
    },
    done: (): Done => ({ asked, typed, left, restarted }),
  }
}

/** The account of one story. */
export type Account = ReturnType<typeof createAccount>
