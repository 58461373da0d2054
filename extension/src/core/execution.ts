import type { CellExecutedData } from '../../../protocol/src/events.ts'
import { fitExecution } from './fit.ts'
import { outputTexts, type NotebookOutput, type OutputError, type OutputSizes } from './outputs.ts'
import { stripAnsi, utf8Bytes } from './text.ts'

/** What is known of one run of a cell when it has ended. */
export interface EndedRun {
  /** The code as it was sent, whatever stands in the cell now. */
  readonly source: string
  readonly outputs: readonly NotebookOutput[]
  readonly sizes: OutputSizes
  readonly executionCount: number | null
  /** Undefined: how it ended could not be seen (SPEC EVT-11). */
  readonly status: 'ok' | 'error' | 'aborted' | undefined
  readonly error?: OutputError | undefined
  /** ms of this computer's clock; undefined if it never began. */
  readonly startedAt?: number | undefined
  readonly endedAt: number
  /** By the kernel's own clock. */
  readonly kernelMs?: number | undefined
}

/** The data of a `cell_executed`, all of it; what the class does not collect is taken away later. */
export function executionData(run: EndedRun): CellExecutedData {
  const { error, startedAt, status, executionCount, sizes } = run
  const lasted = run.kernelMs ?? (startedAt === undefined ? undefined : run.endedAt - startedAt)
  return fitExecution({
    ...(startedAt === undefined ? {} : { startedAt: new Date(startedAt).toISOString() }),
    endedAt: new Date(run.endedAt).toISOString(),
    ...(lasted === undefined ? {} : { durationMs: Math.max(0, lasted) }),
    ...(executionCount === null ? {} : { executionCount }),
    sourceBytes: utf8Bytes(run.source),
    outputBytes: sizes.all,
    stdoutBytes: sizes.stdout,
    stderrBytes: sizes.stderr,
    ...(status === undefined ? {} : { status }),
    ...(status === 'error' && error
      ? {
          errorName: stripAnsi(error.name),
          errorMessage: stripAnsi(error.message),
          traceback: stripAnsi(error.traceback),
        }
      : {}),
    source: run.source,
    outputs: outputTexts(run.outputs),
  })
}
