import type { CellExecutedData, CellOutput } from '../../../protocol/src/events.ts'
import { LIMITS } from '../../../protocol/src/limits.ts'
import { cutText, utf8Bytes } from './text.ts'

/** Characters kept of source, of traceback and of all outputs together; the next row is tried when an event is still too large. */
const CAPS = [
  { source: 64_000, traceback: 32_000, outputs: 64_000 },
  { source: 32_000, traceback: 8_000, outputs: 8_000 },
  { source: 8_000, traceback: 2_000, outputs: 1_000 },
] as const
const MESSAGE_CHARS = 4_000
const NAME_CHARS = 256
const MOST_OUTPUTS = 1_000
/** The envelope takes some of what the limit allows for an event. */
const ROOM = LIMITS.eventBytes - 8 * 1024

function fitOutputs(outputs: readonly CellOutput[], chars: number): CellOutput[] {
  let left = chars
  return outputs.slice(0, MOST_OUTPUTS).map((output) => {
    const text = cutText(output.text, left)
    left = Math.max(0, left - text.length)
    return text.length === output.text.length ? output : { ...output, text, cut: true }
  })
}

function cutTo(data: CellExecutedData, caps: (typeof CAPS)[number]): CellExecutedData {
  const fitted = { ...data }
  if (data.errorName !== undefined) fitted.errorName = cutText(data.errorName, NAME_CHARS)
  if (data.errorMessage !== undefined) fitted.errorMessage = cutText(data.errorMessage, MESSAGE_CHARS)
  if (data.source !== undefined) fitted.source = cutText(data.source, caps.source)
  // The end of a traceback names the error.
  if (data.traceback !== undefined && data.traceback.length > caps.traceback) {
    fitted.traceback = data.traceback.slice(-caps.traceback)
  }
  if (data.outputs !== undefined) fitted.outputs = fitOutputs(data.outputs, caps.outputs)
  return fitted
}

/** `data` within the size of one event (SPEC LIM-3): outputs are cut first and hardest, then traceback and source. */
export function fitExecution(data: CellExecutedData): CellExecutedData {
  for (const caps of CAPS) {
    const fitted = cutTo(data, caps)
    if (utf8Bytes(JSON.stringify(fitted)) <= ROOM) return fitted
  }
  const { outputs: _outputs, ...rest } = cutTo(data, CAPS[2])
  return rest
}
