import type { Node } from './graph.ts'
import type { ServiceHealth } from './part.ts'

/** When a service began to start, in ms since the epoch, and how long that took. */
export interface InnerStart {
  readonly name: string
  readonly at: number
  readonly ms: number
}

/** The services inside a running one, e.g. in its thread. They start, stop and fail with it. */
export interface Inner {
  readonly starts: readonly InnerStart[]
  health(): Promise<readonly ServiceHealth[]>
}

/** A service that may hold others. */
export interface Host extends Node {
  readonly inner?: readonly Node[]
}

/** All services as nodes: those inside another one stand before it, and it needs them. */
export function nodesOf(services: readonly Host[]): Node[] {
  return services.flatMap(({ name, needs, inner = [] }) => [
    ...inner.map((node) => ({ name: node.name, needs: [...node.needs] })),
    { name, needs: [...needs, ...inner.map((node) => node.name)] },
  ])
}

/** What a service that holds others took by itself, ms: the time in which none of them started. */
export function ownMs(ms: number, inner: readonly InnerStart[]): number {
  if (inner.length === 0) return ms
  const from = Math.min(...inner.map(({ at }) => at))
  const to = Math.max(...inner.map((start) => start.at + start.ms))
  return Math.max(0, ms - (to - from))
}
