import parse from 'parse-prometheus-text-format'
import { describe, expect, it } from 'vitest'
import { LABELS } from '../src/monitor/shown.ts'
import { createMetrics } from '../src/monitor/metrics.ts'
import { startServer, temporaryFolder, type TestServer } from './harness.ts'

type Family = ReturnType<typeof parse>[number]

async function scrape(server: TestServer): Promise<{ text: string; families: Family[] }> {
  const answer = await server.staff('/metrics')
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  return { text: answer.text, families: parse(answer.text) }
}

const family = (families: Family[], name: string): Family => {
  const found = families.find((one) => one.name === name)
  if (!found) throw new Error(`There is no metric ${name}.`)
  return found
}
const valueOf = (families: Family[], name: string, labels: Record<string, string> = {}) =>
  Number(
    family(families, name).metrics.find((one) =>
      Object.entries(labels).every(([label, value]) => one.labels?.[label] === value),
    )?.value,
  )

/** Of the process's own metrics, which a library makes: versions, kinds of handles, heap spaces, phases of collection. */
const LIBRARY_LABELS = ['version', 'major', 'minor', 'patch', 'type', 'space', 'kind']
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-/i

/** What Prometheus' own check and the rule about ids would say. */
function faultsOf(families: Family[], ids: string[]): string[] {
  return families.flatMap(({ name, help, type, metrics }) => {
    const own = name.startsWith('lectern_')
    const known: readonly string[] = own ? LABELS : LIBRARY_LABELS
    const labels = metrics.flatMap((one) => Object.entries(one.labels ?? {}))
    return [
      ...(help === '' ? [`${name} has no HELP`] : []),
      ...(own && type === 'UNTYPED' ? [`${name} has no TYPE`] : []),
      ...(own && (type === 'COUNTER') !== name.endsWith('_total') ? [`${name} is a ${type}`] : []),
      ...(/_(ms|millis|milliseconds|mb|kb|percent)(_|$)/.test(name) ? [`${name} is not in a base unit`] : []),
      ...labels.flatMap(([label, value]) => [
        ...(known.includes(label) ? [] : [`${name} has the label ${label}`]),
        ...(UUID.test(value) || ids.includes(value) ? [`${name} has an id in ${label}`] : []),
      ]),
    ]
  })
}

/** Families that every server shows, whatever it has done. */
const ALWAYS = [
  'lectern_events_received_total',
  'lectern_events_stored_total',
  'lectern_events_duplicate_total',
  'lectern_events_refused_total',
  'lectern_events_unaccounted',
  'lectern_acknowledgement_seconds',
  'lectern_commit_seconds',
  'lectern_commit_events',
  'lectern_queue_bytes',
  'lectern_fold_lag_events',
  'lectern_sockets',
  'lectern_socket_closes_total',
  'lectern_socket_merges_total',
  'lectern_socket_resumes_total',
  'lectern_alerts_raised_total',
  'lectern_alerts_active',
  'lectern_refusals_total',
  'lectern_shed',
  'lectern_errors_total',
  'lectern_event_loop_delay_seconds',
  'lectern_cpu_cores',
  'lectern_memory_resident_bytes',
  'lectern_disk_free_bytes',
  'lectern_database_size_bytes',
  'lectern_http_requests_total',
  'lectern_jobs',
  'lectern_runner_lag_events',
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
]

describe('metrics', () => {
  it('ING-6 are what Prometheus reads, in base units, without ids, and add up', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { id, code } = await server.makeClass()
    const bob = await server.join(code)
    const event = bob.event()
    await bob.store([event, bob.event({ type: 'no_such_type' })])
    await bob.store([event])
    expect((await bob.post([], { body: '{' })).status).toBe(400)
    const { families, text } = await scrape(server)
    expect(families.map(({ name }) => name)).toEqual(expect.arrayContaining(ALWAYS))
    const ids = [id, bob.student, bob.install, 'nb-1', 'cell-1']
    expect(faultsOf(families, ids)).toEqual([])
    for (const secret of ids) expect(text).not.toContain(secret)
    const [received, stored, duplicate, refused] = ['received', 'stored', 'duplicate', 'refused'].map((name) =>
      valueOf(families, `lectern_events_${name}_total`),
    )
    expect([received, stored, duplicate, refused]).toEqual([3, 1, 1, 1])
    expect(valueOf(families, 'lectern_events_unaccounted')).toBe(0)
    expect(valueOf(families, 'lectern_errors_total', { code: 'bad_json' })).toBe(1)
    expect(family(families, 'lectern_acknowledgement_seconds').metrics[0]?.count).toBe('2')
    expect(family(families, 'lectern_commit_events').metrics[0]?.count).toBe('2')
    expect(valueOf(families, 'lectern_flags_file_good')).toBe(1)
    expect(valueOf(families, 'lectern_cpu_cores_available')).toBeGreaterThanOrEqual(1)
  })

  it('sum what each route costs by its pattern and the kind of status', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { id } = await server.makeClass()
    for (const path of ['', '', '/state']) await server.staff(`/api/v2/classes/${id}${path}`)
    await server.staff('/api/v2/classes/nothing')
    const { families } = await scrape(server)
    const route = 'GET /api/v2/classes/:class'
    const count = (labels: Record<string, string>) => valueOf(families, 'lectern_route_requests_total', labels)
    expect(count({ route, status: '2xx' })).toBe(2)
    expect(count({ route, status: '4xx' })).toBe(1)
    expect(count({ route: `${route}/state`, status: '2xx' })).toBe(1)
    expect(valueOf(families, 'lectern_route_seconds_total', { route, status: '2xx' })).toBeGreaterThan(0)
    expect(count({ route: 'GET /api/v2/people' })).toBeNaN()
    expect(faultsOf(families, [id, 'nothing'])).toEqual([])
  })

  it('with an id in a label, an unknown label, a wrong suffix or unit are found: the control', () => {
    const bad = `# HELP lectern_x_total Events
# TYPE lectern_x_total gauge
lectern_x_total{kind="0192f0c1-7b1a-4c3e-9d55-0a1b2c3d4e5f"} 1
# HELP lectern_wait_ms Wait
# TYPE lectern_wait_ms gauge
lectern_wait_ms{class="k1",kind="k1"} 1
`
    expect(faultsOf(parse(bad), ['k1'])).toEqual([
      'lectern_x_total is a GAUGE',
      'lectern_x_total has an id in kind',
      'lectern_wait_ms is not in a base unit',
      'lectern_wait_ms has the label class',
      'lectern_wait_ms has an id in class',
      'lectern_wait_ms has an id in kind',
    ])
  })

  it('go on after parts were started again', async () => {
    const metrics = createMetrics(() => 0)
    for (const requests of [5, 2]) {
      metrics.watch({ requests: () => requests })
      expect((await metrics.expose()).text).toMatch(new RegExp(`^lectern_http_requests_total ${requests}$`, 'm'))
    }
  })
})
