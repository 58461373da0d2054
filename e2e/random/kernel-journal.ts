import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const FILE = 'journal.jsonl'

/**
 * What every kernel of a test writes down of its own runs, by IPython's events, in a file that neither the page nor the
 * server under test knows of.
 */
export const JOURNAL_STARTUP = `
import json as _json, os as _os

def _begun(info):
    _note(begin=info.raw_cell)

def _ended(result):
    error = result.error_in_exec or result.error_before_exec
    _note(end=result.info.raw_cell, error=type(error).__name__ if error else None, count=result.execution_count)

def _note(**line):
    with open(_os.path.join(_os.environ['JUPYTERLAB_SETTINGS_DIR'], '${FILE}'), 'a') as file:
        file.write(_json.dumps(dict(line, pid=_os.getpid())) + '\\n')

get_ipython().events.register('pre_run_cell', _begun)
get_ipython().events.register('post_run_cell', _ended)
`

/** One run as its kernel saw it; undefined `end`: the kernel was gone before. */
export interface JournalRun {
  readonly code: string
  readonly pid: number
  readonly end: { readonly error: string | null; readonly count: number } | undefined
}

interface Line {
  readonly pid: number
  readonly begin?: string
  readonly end?: string
  readonly error?: string | null
  readonly count?: number
}

/** The runs that the kernels of a JupyterLab have written down, in the order in which they began. */
export function readJournal(settingsFolder: string): JournalRun[] {
  const path = join(settingsFolder, FILE)
  if (!existsSync(path)) return []
  const runs: { code: string; pid: number; end: JournalRun['end'] }[] = []
  for (const text of readFileSync(path, 'utf8').trimEnd().split('\n')) {
    const line = JSON.parse(text) as Line
    if (line.begin !== undefined) runs.push({ code: line.begin, pid: line.pid, end: undefined })
    else {
      const run = runs.findLast(({ pid, code, end }) => pid === line.pid && code === line.end && !end)
      if (run) run.end = { error: line.error ?? null, count: line.count ?? 0 }
    }
  }
  return runs
}
