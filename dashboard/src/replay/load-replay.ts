import { classPath, stream } from '../http/api.ts'
import { ApiProblem } from '../http/problem.ts'

/** What to go through: times in ms of the server's clock; without `from`, the last lesson. */
export interface ReplayAsked {
  readonly from?: number
  readonly to?: number
  /** The notebook whose matrix is wanted as well. */
  readonly notebook?: string
}

/** Reads a replay, line by line, as it comes. Throws `ApiProblem`, also when it ends before it is whole. */
export async function loadReplay(
  classId: string,
  { from, to, notebook }: ReplayAsked,
  { onLines, signal }: { onLines: (lines: readonly string[]) => void; signal: AbortSignal },
): Promise<void> {
  const asked = { from, to, notebook }
  const query = new URLSearchParams(
    Object.entries(asked).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  )
  const body = await stream(`${classPath(classId)}/replay?${query}`, signal)
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  try {
    for (;;) {
      const { done, value = '' } = await reader.read()
      if (done) return
      const lines = (rest + value).split('\n')
      rest = lines.pop() ?? ''
      if (lines.length > 0) onLines(lines)
    }
  } catch (cause) {
    throw new ApiProblem({}, { cause: cause as Error })
  }
}
