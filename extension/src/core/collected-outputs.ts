import { errorOf, outputBytes, type NotebookOutput, type OutputError, type OutputSizes } from './outputs.ts'
import { utf8Bytes } from './text.ts'

/** More text than an event can hold is counted, not kept. */
const KEPT_CHARS = 256_000
const KEPT_OUTPUTS = 1_000

/** What a kernel's messages have put out for one run, whether or not a notebook is there to show it. */
export interface CollectedOutputs {
  /** A message of the kernel; types that are no output are ignored. */
  add(type: string, content: object): void
  readonly outputs: readonly NotebookOutput[]
  readonly sizes: OutputSizes
  /** Kept although its output may have been cleared. */
  readonly error: OutputError | undefined
}

const OUTPUT_TYPES = new Set(['stream', 'display_data', 'execute_result', 'error'])

/** Collects outputs as nbformat writes them: streams are joined, `clear_output` takes away what was there. */
export function collectOutputs(): CollectedOutputs {
  let outputs: NotebookOutput[] = []
  let sizes = { all: 0, stdout: 0, stderr: 0 }
  let chars = 0
  let clearNext = false
  let error: OutputError | undefined
  const clear = () => {
    outputs = []
    sizes = { all: 0, stdout: 0, stderr: 0 }
    chars = 0
    clearNext = false
  }
  const keep = (output: NotebookOutput, size: number) => {
    if (chars > KEPT_CHARS || outputs.length >= KEPT_OUTPUTS) return
    chars += size
    const last = outputs.at(-1)
    const joins = output.output_type === 'stream' && last?.output_type === 'stream' && last.name === output.name
    if (joins) outputs[outputs.length - 1] = { ...last, text: `${String(last.text)}${String(output.text)}` }
    else outputs.push(output)
  }
  const stream = (name: unknown, text: string) => {
    const bytes = utf8Bytes(text)
    sizes.all += bytes
    sizes[name === 'stderr' ? 'stderr' : 'stdout'] += bytes
    keep({ output_type: 'stream', name, text: text.slice(0, KEPT_CHARS) }, text.length)
  }
  return {
    add(type, content) {
      if (type === 'clear_output') {
        if ((content as { wait?: unknown }).wait === true) clearNext = true
        else clear()
        return
      }
      if (!OUTPUT_TYPES.has(type)) return
      if (clearNext) clear()
      const output = { ...content, output_type: type } as NotebookOutput
      if (type === 'stream') {
        stream(output.name, typeof output.text === 'string' ? output.text : '')
        return
      }
      const bytes = outputBytes([output])
      sizes.all += bytes
      if (type === 'error') error = errorOf([output])
      keep(output, bytes)
    },
    get outputs() {
      return outputs
    },
    get sizes() {
      return sizes
    },
    get error() {
      return error
    },
  }
}
