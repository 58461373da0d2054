import type { BatchTrace } from '../log/log.ts'

/** The trace of one batch from its request on; it ends with the frame that shows what the batch changed. */
export interface RequestTrace extends BatchTrace {
  /** The answer went out; with an error when it was not a good one. */
  end(error?: unknown): void
}

/** Makes traces. */
export interface Tracing {
  /**
   * Begins the trace of a batch of events; undefined when this one is not traced. `traceparent`: the header of that name
   * (W3C Trace Context), by which a client continues a trace of its own.
   */
  begin(way: 'http' | 'socket', traceparent?: string): RequestTrace | undefined
  /** Sends what was not sent yet. */
  stop(): Promise<void>
}

/** Makes no traces. */
export const NO_TRACING: Tracing = { begin: () => undefined, stop: async () => undefined }

/** Does the work of a request and ends its trace with the outcome. */
export async function traced<T>(trace: RequestTrace | undefined, work: () => Promise<T>): Promise<T> {
  if (!trace) return work()
  try {
    const result = await work()
    trace.end()
    return result
  } catch (error) {
    trace.end(error)
    throw error
  }
}
