import type { LogCounts } from '../log/log.ts'
import type { Shown } from './shown.ts'
import type { KnownSources, MonitorFacts, RouteSum, Sources, WorkNumbers } from './sources.ts'

const MS_PER_S = 1000

type Ask = () => KnownSources

const counter = (name: string, help: string, read: Shown['read']): Shown => ({ type: 'counter', name, help, read })
const gauge = (name: string, help: string, read: Shown['read']): Shown => ({ type: 'gauge', name, help, read })
const by = (label: NonNullable<Shown['label']>, shown: Shown): Shown => ({ ...shown, label })

/** What the log has taken and holds. */
export function logShown(ask: Ask): Shown[] {
  const of = (read: (counts: LogCounts) => number) => () => {
    const { log } = ask()
    return log && read(log())
  }
  return [
    counter(
      'lectern_events_received_total',
      'Events received',
      of((log) => log.received),
    ),
    counter(
      'lectern_events_stored_total',
      'Events stored',
      of((log) => log.stored),
    ),
    counter(
      'lectern_events_duplicate_total',
      'Events that were stored before',
      of((log) => log.duplicate),
    ),
    counter(
      'lectern_events_refused_total',
      'Events refused',
      of((log) => log.refused),
    ),
    counter(
      'lectern_events_conflict_total',
      'Duplicates with other content',
      of((log) => log.conflicts),
    ),
    counter(
      'lectern_commit_groups_total',
      'Commits',
      of((log) => log.groups),
    ),
    gauge(
      'lectern_events_unaccounted',
      'received - stored - duplicate - refused; anything but 0 is a fault',
      of(({ received, stored, duplicate, refused }) => received - stored - duplicate - refused),
    ),
    gauge(
      'lectern_queue_bytes',
      'Bytes waiting for the log',
      of((log) => log.queueBytes),
    ),
    gauge(
      'lectern_fold_lag_events',
      'Events stored and not yet in the state of their class',
      of((log) => log.foldLag),
    ),
    gauge(
      'lectern_fold_seconds',
      'Folding of the last commit',
      of((log) => log.lastGroup.foldMs / MS_PER_S),
    ),
  ]
}

/** The sockets. */
export function hubShown(ask: Ask): Shown[] {
  type Totals = ReturnType<Sources['connections']>
  const of =
    <T>(read: (totals: Totals) => T) =>
    () => {
      const { connections } = ask()
      return connections && read(connections())
    }
  return [
    by(
      'kind',
      gauge(
        'lectern_sockets',
        'Open sockets',
        of(({ kinds }) => Object.entries(kinds)),
      ),
    ),
    gauge(
      'lectern_socket_queue_bytes',
      'Bytes waiting for readers',
      of((hub) => hub.queuedBytes),
    ),
    by(
      'code',
      counter(
        'lectern_socket_closes_total',
        'Sockets closed, by close code',
        of(({ closes }) => closes.map(({ code, count }) => [String(code), count] as const)),
      ),
    ),
    counter(
      'lectern_socket_merges_total',
      'Messages merged into later ones',
      of((hub) => hub.merges),
    ),
    counter(
      'lectern_socket_resumes_total',
      'Classes taken up where they had been left',
      of((hub) => hub.resumes),
    ),
    counter(
      'lectern_socket_refused_total',
      'Sockets refused because too many came at once',
      of((hub) => hub.refused),
    ),
  ]
}

/** Jobs, their threads and the followers of the log. */
export function workShown(ask: Ask): Shown[] {
  const of =
    <T>(read: (work: WorkNumbers) => T) =>
    () => {
      const work = ask().jobs?.()
      return work && read(work)
    }
  return [
    by(
      'state',
      gauge(
        'lectern_jobs',
        'Jobs by state',
        of(({ counts }) => Object.entries(counts)),
      ),
    ),
    gauge(
      'lectern_job_threads',
      'Threads of the pool',
      of(({ pool }) => pool.threads),
    ),
    gauge(
      'lectern_job_threads_busy',
      'Threads of the pool that work',
      of(({ pool }) => pool.busy),
    ),
    gauge(
      'lectern_job_wait_seconds',
      'Age of the oldest job that is due',
      of(({ pool }) => pool.oldestMs / MS_PER_S),
    ),
    gauge(
      'lectern_job_heap_bytes',
      'Heap of all threads of the pool',
      of(({ pool }) => pool.heapBytes),
    ),
    counter(
      'lectern_job_thread_crashes_total',
      'Threads that ended by themselves',
      of(({ pool }) => pool.crashes),
    ),
    by(
      'runner',
      gauge(
        'lectern_runner_lag_events',
        'Events that a follower of the log has still to read',
        of(({ runners }) => runners.map(({ name, lag }) => [name, lag] as const)),
      ),
    ),
    by(
      'runner',
      counter(
        'lectern_runner_failures_total',
        'Failures of a follower of the log',
        of(({ runners }) => runners.map(({ name, failures }) => [name, failures] as const)),
      ),
    ),
  ]
}

/** What the routes cost; one that was never called is left out. */
export function routesShown(ask: Ask): Shown[] {
  const label = ['route', 'status'] as const
  const of = (read: (sum: RouteSum) => number) => () =>
    [...(ask().routes?.() ?? [])].map((sum) => [[sum.route, sum.status], read(sum)] as const)
  return [
    {
      ...counter(
        'lectern_route_requests_total',
        'Requests by route and kind of status',
        of(({ calls }) => calls),
      ),
      label,
    },
    {
      ...counter(
        'lectern_route_seconds_total',
        'Time until requests were answered, by route and kind of status',
        of(({ ms }) => ms / MS_PER_S),
      ),
      label,
    },
  ]
}

/** Flags, alerts, what is refused, and the process as the monitor measures it. */
export function systemShown(ask: Ask): Shown[] {
  const of =
    <T>(read: (facts: MonitorFacts) => T) =>
    () => {
      const { monitor } = ask()
      return monitor && read(monitor())
    }
  const number = (read: (numbers: MonitorFacts['numbers']) => number) => of(({ numbers }) => read(numbers))
  const severities = (facts: MonitorFacts) =>
    (['warning', 'critical'] as const).map((severity) => {
      const count = facts.activeAlerts.filter((alert) => alert.severity === severity).length
      return [severity, count] as const
    })
  return [
    counter('lectern_http_requests_total', 'HTTP requests', () => ask().requests?.()),
    gauge('lectern_flags_file_good', '1 if the flags file as it is now is in force', () => {
      const flags = ask().flags?.()
      return flags && Number(flags.good)
    }),
    counter('lectern_flags_changes_total', 'Times that the flags changed', () => ask().flags?.().changes),
    by(
      'threshold',
      counter(
        'lectern_alerts_raised_total',
        'Alerts raised',
        of((facts) => facts.raisedAlerts),
      ),
    ),
    by('severity', gauge('lectern_alerts_active', 'Alerts that are raised and not muted', of(severities))),
    by(
      'kind',
      counter(
        'lectern_refusals_total',
        'Requests put off because the server was short of something',
        of(({ shedding }) => Object.entries(shedding.refused)),
      ),
    ),
    by(
      'kind',
      gauge(
        'lectern_shed',
        '1 while this kind of request is put off',
        of(({ shedding }) => shedding.order.map((kind) => [kind, Number(shedding.shed.includes(kind))] as const)),
      ),
    ),
    gauge(
      'lectern_cpu_cores',
      'Processor cores in use',
      number(({ cores }) => cores),
    ),
    gauge(
      'lectern_cpu_cores_available',
      'Processor cores of the machine',
      of(({ cores }) => cores),
    ),
    gauge(
      'lectern_memory_resident_bytes',
      'Resident memory',
      number(({ residentBytes }) => residentBytes),
    ),
    gauge(
      'lectern_event_loop_delay_seconds',
      'p99 of the event loop delay',
      number(({ loopMs }) => loopMs / MS_PER_S),
    ),
    gauge(
      'lectern_disk_free_bytes',
      'Free on the disk of the data',
      number(({ diskFreeBytes }) => diskFreeBytes),
    ),
    gauge(
      'lectern_disk_size_bytes',
      'Size of the disk of the data',
      number(({ diskTotalBytes }) => diskTotalBytes),
    ),
    gauge(
      'lectern_database_size_bytes',
      'Size of the databases',
      number(({ databaseBytes }) => databaseBytes),
    ),
    by(
      'version',
      gauge(
        'lectern_build_info',
        '1, with the version',
        of(({ version }) => [[version, 1]] as const),
      ),
    ),
  ]
}
