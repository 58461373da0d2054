import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Context, type Span, type Tracer } from '@opentelemetry/api'
import { parseTraceParent } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { CodedError } from '../errors.ts'
import type { FrameTimes, GroupTimes } from '../log/log.ts'
import type { RequestTrace, Tracing } from './tracing.ts'

const SEND_EVERY_MS = 1_000
const SEND_WITHIN_MS = 3_000

interface OtelOptions {
  /** Base address of the collector, without a slash at the end. */
  endpoint: string
  /** Share of the batches that are traced, 0 to 1. */
  ratio: number
  version: string
  /** Told why the last traces were not sent. */
  onLost: (reason: string) => void
}

const epochMs = () => performance.timeOrigin + performance.now()

/** A step with a known beginning and end, under its parent. */
interface Step {
  name: string
  at: number
  ms: number
  attributes?: Record<string, number>
}

/** Spans of one batch. The log thread reports times, and the spans are made from them here: it runs no tracer. */
class OtelTrace implements RequestTrace {
  readonly #tracer: Tracer
  readonly #root: Span
  readonly #began: number
  #group: { span: Span; context: Context } | undefined
  #fold: Context = ROOT_CONTEXT

  constructor(tracer: Tracer, root: Span, began: number) {
    this.#tracer = tracer
    this.#root = root
    this.#began = began
  }

  #step({ name, at, ms, attributes = {} }: Step, parent: Context): Context {
    const span = this.#tracer.startSpan(name, { startTime: at, attributes }, parent)
    span.end(at + ms)
    return trace.setSpan(parent, span)
  }

  sent(): void {
    const at = this.#began
    this.#step({ name: 'log queue', at, ms: epochMs() - at }, trace.setSpan(ROOT_CONTEXT, this.#root))
  }

  stored({ at, parseMs, commitMs, events, batches }: GroupTimes): void {
    const parent = trace.setSpan(ROOT_CONTEXT, this.#root)
    const attributes = { 'lectern.group.events': events, 'lectern.group.batches': batches }
    const span = this.#tracer.startSpan('log group', { startTime: at, attributes }, parent)
    const context = trace.setSpan(parent, span)
    this.#group = { span, context }
    this.#step({ name: 'parse', at, ms: parseMs }, context)
    this.#step({ name: 'commit', at: at + parseMs, ms: commitMs }, context)
  }

  folded({ at, ms }: { at: number; ms: number }): void {
    if (!this.#group) return
    const { span, context } = this.#group
    this.#fold = this.#step({ name: 'fold', at, ms }, context)
    span.end(at + ms)
  }

  framed({ at, ms, from, to }: FrameTimes): void {
    const attributes = { 'lectern.offset.from': from, 'lectern.offset.to': to }
    this.#step({ name: 'frame to dashboards', at, ms, attributes }, this.#fold)
  }

  end(error?: unknown): void {
    if (error !== undefined) {
      const code = error instanceof CodedError ? error.code : 'internal'
      this.#root.setAttribute('error.type', code).setStatus({ code: SpanStatusCode.ERROR })
    }
    this.#root.end(epochMs())
  }
}

const NAMES = { http: 'POST /api/v2/events', socket: 'events frame' } as const

/** Starts to make traces and to send them in batches. A collector that does not answer costs no event. */
export function startTracing({ endpoint, ratio, version, onLost }: OtelOptions): Tracing {
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: SEND_WITHIN_MS })
  const provider = new TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({ 'service.name': 'lectern', 'service.version': version }),
    ),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        scheduledDelayMillis: SEND_EVERY_MS,
        exportTimeoutMillis: SEND_WITHIN_MS,
      }),
    ],
  })
  const tracer = provider.getTracer('lectern', version)
  return {
    begin(way, traceparent) {
      const remote = traceparent === undefined ? null : parseTraceParent(traceparent)
      const parent = remote ? trace.setSpanContext(ROOT_CONTEXT, { ...remote, isRemote: true }) : ROOT_CONTEXT
      const began = epochMs()
      const root = tracer.startSpan(NAMES[way], { kind: SpanKind.SERVER, startTime: began }, parent)
      return root.isRecording() ? new OtelTrace(tracer, root, began) : undefined
    },
    stop: () => provider.shutdown().catch((error: unknown) => onLost(String(error))),
  }
}
