import type { CellOutput } from '../../../protocol/src/events.ts'
import { stripAnsi, utf8Bytes } from './text.ts'

/** An output as nbformat writes it; only what is read here. */
export interface NotebookOutput {
  readonly output_type: string
  readonly name?: unknown
  readonly text?: unknown
  readonly data?: unknown
  readonly ename?: unknown
  readonly evalue?: unknown
  readonly traceback?: unknown
}

/** What an error output says, as plain text. */
export interface OutputError {
  readonly name: string
  readonly message: string
  readonly traceback: string
}

const TEXT_MIMES = ['text/plain', 'text/markdown', 'text/latex', 'application/json', 'text/html']

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(textOf).join('')
  return value === undefined || value === null ? '' : JSON.stringify(value)
}

function lines(value: unknown): string {
  return stripAnsi(Array.isArray(value) ? value.map(textOf).join('\n') : textOf(value))
}

/** The last error among the outputs of a cell, if any. With server-side execution this is the only place an error shows. */
export function errorOf(outputs: readonly NotebookOutput[]): OutputError | undefined {
  const error = outputs.findLast((output) => output.output_type === 'error')
  if (!error) return undefined
  return {
    name: stripAnsi(textOf(error.ename)) || 'Error',
    message: stripAnsi(textOf(error.evalue)),
    traceback: lines(error.traceback),
  }
}

function bundleOutput(output: NotebookOutput): CellOutput | undefined {
  const data = (output.data ?? {}) as Readonly<Record<string, unknown>>
  const kind = output.output_type === 'execute_result' ? 'result' : 'display'
  const mime = TEXT_MIMES.find((name) => Object.hasOwn(data, name)) ?? Object.keys(data)[0]
  if (mime === undefined) return undefined
  // Pictures are named, not copied: text/plain stands for them where a library gives one.
  const text = TEXT_MIMES.includes(mime) ? stripAnsi(textOf(data[mime])) : ''
  return { kind, mime, text }
}

function outputText(output: NotebookOutput): CellOutput | undefined {
  if (output.output_type === 'stream') {
    return { kind: output.name === 'stderr' ? 'stderr' : 'stdout', text: stripAnsi(textOf(output.text)) }
  }
  if (output.output_type === 'error') return { kind: 'error', text: lines(output.traceback) }
  return bundleOutput(output)
}

/** Outputs as text without control sequences, in their order. */
export function outputTexts(outputs: readonly NotebookOutput[]): CellOutput[] {
  return outputs.map(outputText).filter((output) => output !== undefined)
}

/** Sizes of what a run has put out, in bytes of UTF-8. */
export interface OutputSizes {
  readonly all: number
  readonly stdout: number
  readonly stderr: number
}

/** Sizes of the outputs as they stand in the notebook. */
export function outputSizes(outputs: readonly NotebookOutput[]): OutputSizes {
  const named = (name: string) => outputBytes(outputs.filter((output) => output.name === name))
  return { all: outputBytes(outputs), stdout: named('stdout'), stderr: named('stderr') }
}

/** Size of the outputs as they stand in the notebook, in bytes: streams, tracebacks and every representation of a result. */
export function outputBytes(outputs: readonly NotebookOutput[]): number {
  let bytes = 0
  for (const output of outputs) {
    bytes += utf8Bytes(textOf(output.text)) + utf8Bytes(lines(output.traceback))
    for (const value of Object.values((output.data ?? {}) as Readonly<Record<string, unknown>>)) {
      bytes += utf8Bytes(textOf(value))
    }
  }
  return bytes
}
