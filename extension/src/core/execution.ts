import type { CellExecutedData } from '../../../protocol/src/events.ts'
import { fitExecution } from './fit.ts'
import { errorOf, outputBytes, outputTexts, type NotebookOutput, type OutputError } from './outputs.ts'
import { stripAnsi, utf8Bytes } from './text.ts'

/** What is known of one run of a cell when it has ended. */
export interface EndedRun {
  readonly source: string
  readonly outputs: readonly NotebookOutput[]
  readonly executionCount: number | null
  /** `false` from the shell means failed or aborted; undefined: the run was never reported as ended. */
  readonly success: boolean | undefined
  /** Error that the kernel answered, where the shell has it. */
  readonly error?: Partial<OutputError> | undefined
  /** ms of this computer's clock. */
  readonly startedAt: number
  readonly endedAt: number
  /** By the kernel's own clock, where its messages were seen. */
  readonly kernelMs?: number | undefined
}

/** The data of a `cell_executed`: the error is read from the outputs first, because only they are always there. */
export function executionData(run: EndedRun): CellExecutedData {
  const { name, message, traceback } = errorOf(run.outputs) ?? run.error ?? {}
  const failed = name !== undefined && name !== ''
  const status = failed ? 'error' : run.success === true ? 'ok' : 'aborted'
  return fitExecution({
    startedAt: new Date(run.startedAt).toISOString(),
    endedAt: new Date(run.endedAt).toISOString(),
    durationMs: Math.max(0, run.kernelMs ?? run.endedAt - run.startedAt),
    ...(run.executionCount === null ? {} : { executionCount: run.executionCount }),
    sourceBytes: utf8Bytes(run.source),
    outputBytes: outputBytes(run.outputs),
    status,
    ...(failed ? { errorName: stripAnsi(name) } : {}),
    ...(failed && message !== undefined ? { errorMessage: stripAnsi(message) } : {}),
    ...(failed && traceback !== undefined ? { traceback: stripAnsi(traceback) } : {}),
    source: run.source,
    outputs: outputTexts(run.outputs),
  })
}
