import { readFileSync } from 'node:fs'
import { parser } from '@prometheus-io/lezer-promql'
import parse from 'parse-prometheus-text-format'
import { describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { loadConfig } from '../src/config.ts'
import { MONITOR_SETTINGS } from '../src/monitor/settings.ts'
import { SHED_ORDER } from '../src/monitor/shedding.ts'
import { LABELS } from '../src/monitor/shown.ts'
import { thresholdsOf } from '../src/monitor/thresholds.ts'
import { startServer, temporaryFolder } from './harness.ts'

const deployed = (path: string) => readFileSync(new URL(`../../deploy/${path}`, import.meta.url), 'utf8')

interface Panel {
  id: number
  title: string
  type: string
  gridPos: { x: number; y: number; w: number; h: number }
  targets?: { refId: string; expr: string }[]
}
interface Rule {
  alert: string
  expr: string
  for: string
  labels: { severity: string }
  annotations: { summary: string; description: string }
}

const dashboard = JSON.parse(deployed('grafana/lectern.json'))
const panels = dashboard.panels as Panel[]
const rules = parseYaml(deployed('prometheus/alerts.yml')).groups.flatMap((group: any) => group.rules) as Rule[]
const expressions = [
  ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ...dashboard.annotations.list.map(({ expr }: { expr: string }) => expr),
  ...rules.map(({ expr }) => expr),
]

const TYPES: Record<string, string> = {}

/** Names of metrics in an expression, as they are exposed: a histogram by its own name. */
function metricsOf(expr: string): string[] {
  const names = expr.match(/\b(lectern|process|nodejs)_[a-z0-9_]+/g) ?? []
  return names.map((name) => name.replace(/_(bucket|sum|count)$/, ''))
}

/** Labels that an expression selects or groups by. */
function labelsOf(expr: string): string[] {
  const selected = [...expr.matchAll(/([a-z_]+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label]) => label as string)
  const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list]) => (list as string).split(/,\s*/))
  return [...selected, ...grouped]
}

/** True if Prometheus' own grammar takes it, once Grafana has put in the interval. */
function isPromQl(expr: string): boolean {
  let good = true
  parser.parse(expr.replaceAll('$__rate_interval', '5m')).iterate({
    enter({ type }) {
      if (type.isError) good = false
    },
  })
  return good
}

/** What the expression asks that no server has, or asks in the wrong way. */
function faultsOf(expr: string, types: Record<string, string>): string[] {
  const labels: readonly string[] = [...LABELS, 'le', 'instance', 'job']
  const counted = [...expr.matchAll(/(rate|increase)\(([a-z_]+)/g)].map(([, , name]) => name as string)
  return [
    ...metricsOf(expr).flatMap((name) => (types[name] === undefined ? [`no metric ${name}`] : [])),
    ...labelsOf(expr).flatMap((label) => (labels.includes(label) ? [] : [`no label ${label}`])),
    ...counted.flatMap((name) => (/_(total|bucket|sum|count)$/.test(name) ? [] : [`a rate of ${name}`])),
    ...(isPromQl(expr) ? [] : ['not PromQL']),
  ]
}

async function typesOfServer(): Promise<Record<string, string>> {
  using folder = temporaryFolder()
  await using server = await startServer(folder.path)
  const families = parse((await server.staff('/metrics')).text)
  // A library's families without a value have no lines of their own kind; what is named here has.
  return Object.fromEntries(families.map(({ name, type }) => [name, type]))
}

describe('what is deployed beside the server', () => {
  it('asks only for metrics and labels that a real server has', async () => {
    Object.assign(TYPES, await typesOfServer())
    expect(expressions.length).toBeGreaterThan(60)
    expect(expressions.flatMap((expr) => faultsOf(expr, TYPES))).toEqual([])
  })

  it('is found out when it asks for others: the control', () => {
    const types = { lectern_sockets: 'GAUGE', lectern_commit_seconds: 'HISTOGRAM' }
    expect(faultsOf('sum by (kind) (lectern_sockets{instance="a"})', types)).toEqual([])
    expect(faultsOf('rate(lectern_commit_seconds_bucket[5m])', types)).toEqual([])
    expect(faultsOf('sum by (class) (rate(lectern_socks{student="x"}[5m])', types)).toEqual([
      'no metric lectern_socks',
      'no label student',
      'no label class',
      'a rate of lectern_socks',
      'not PromQL',
    ])
  })

  it('shows every metric of the server on the dashboard, but for three that others stand for', () => {
    const shown = new Set(expressions.flatMap(metricsOf))
    const own = Object.keys(TYPES).filter((name) => name.startsWith('lectern_') && !shown.has(name))
    expect(own.toSorted()).toEqual([
      'lectern_build_info',
      'lectern_commit_groups_total',
      'lectern_events_conflict_total',
    ])
  })

  it('is described, with every limit and every setting', () => {
    const page = readFileSync(new URL('../../docs/monitoring.md', import.meta.url), 'utf8')
    const limits = thresholdsOf(loadConfig({ env: {}, cwd: '/nowhere' }).config.monitor, 0).map(({ id }) => id)
    const settings = Object.values(MONITOR_SETTINGS).map(({ key }) => key)
    const missing = [...limits, 'silent-class', ...settings, ...SHED_ORDER].filter((word) => !page.includes(word))
    expect(missing).toEqual([])
  })

  it('has a dashboard whose panels do not overlap and have a title and an id of their own', () => {
    expect(dashboard.templating.list[1].query.query).toBe('label_values(lectern_build_info, instance)')
    expect(dashboard).toMatchObject({ uid: 'lectern', title: 'Lectern', schemaVersion: 39 })
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    for (const [index, a] of panels.entries()) {
      expect(a.title, JSON.stringify(a)).not.toBe('')
      expect(a.gridPos.x + a.gridPos.w).toBeLessThanOrEqual(24)
      for (const b of panels.slice(index + 1)) {
        const apart =
          a.gridPos.x + a.gridPos.w <= b.gridPos.x ||
          b.gridPos.x + b.gridPos.w <= a.gridPos.x ||
          a.gridPos.y + a.gridPos.h <= b.gridPos.y ||
          b.gridPos.y + b.gridPos.h <= a.gridPos.y
        expect(apart, `${a.title} / ${b.title}`).toBe(true)
      }
    }
  })

  it('has alert rules that say what is wrong and what it means', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
    for (const { alert, labels, annotations, for: hold } of rules) {
      expect(alert).toMatch(/^Lectern[A-Z]/)
      expect(['warning', 'critical']).toContain(labels.severity)
      expect(hold).toMatch(/^\d+m$/)
      expect(annotations.summary, alert).toBeTruthy()
      expect(annotations.description, alert).toBeTruthy()
    }
  })
})
