import { Counter, Gauge, type Registry } from 'prom-client'

/** Labels that a metric may have: each has few values, and none is an id. */
export const LABELS = [
  'kind',
  'code',
  'state',
  'runner',
  'threshold',
  'severity',
  'version',
  'route',
  'status',
] as const

/** Values by the label's value, or by those of several labels. */
export type Labelled = Iterable<readonly [label: string | readonly string[], value: number]>

type Label = (typeof LABELS)[number]

/** A number that is counted elsewhere and shown when it is asked for; undefined while there is none. */
export interface Shown {
  readonly type: 'counter' | 'gauge'
  readonly name: string
  readonly help: string
  readonly label?: Label | readonly Label[]
  readonly read: () => number | Labelled | undefined
}

type Rows = readonly (readonly [labels: Record<string, string>, value: number])[]

function rowsOf({ label, read }: Shown): Rows {
  const value = read()
  if (value === undefined) return []
  if (typeof value === 'number') return [[{}, value]]
  if (label === undefined) throw new Error('A metric with several values needs a label.')
  const labels = [label].flat()
  return [...value].map(([names, count]) => {
    const named = [names].flat().map((name, index) => [labels[index] ?? '', name] as const)
    return [Object.fromEntries(named), count] as const
  })
}

/** Registers a metric that is read when it is exposed. */
export function show(registry: Registry, shown: Shown): void {
  const { type, name, help, label } = shown
  const entry = { name, help, labelNames: label === undefined ? [] : [label].flat(), registers: [] }
  if (type === 'counter') {
    const collect = function (this: Counter) {
      this.reset()
      for (const [labels, value] of rowsOf(shown)) this.inc(labels, value)
    }
    registry.registerMetric(new Counter({ ...entry, collect }))
  } else {
    const collect = function (this: Gauge) {
      this.reset()
      for (const [labels, value] of rowsOf(shown)) this.set(labels, value)
    }
    registry.registerMetric(new Gauge({ ...entry, collect }))
  }
}
