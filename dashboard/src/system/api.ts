import type {
  AlertEdit,
  AuditAnswer,
  AuditQuery,
  AuditVerdict,
  ConnectionsAnswer,
  FlagEdit,
  FlagsAnswer,
  JobInfo,
  JobsAnswer,
  MonitorAnswer,
  NewJob,
  ReportAnswer,
  RetentionAnswer,
  RetentionReport,
  RoutesAnswer,
  ServicesAnswer,
} from '@lectern/protocol'
import { call } from '../http/api.ts'

const path = (...parts: string[]) => ['/system', ...parts.map(encodeURIComponent)].join('/')

/** Every request of the system page. All throw `ApiProblem`. */
export const systemApi = {
  services: () => call<ServicesAnswer>('GET', path('services')),
  restart: (name: string) => call<void>('POST', path('services', name, 'restart')),
  connections: (kind?: string) =>
    call<ConnectionsAnswer>('GET', `${path('connections')}${kind === undefined ? '' : `?kind=${kind}`}`),
  closeConnection: (id: string) => call<void>('DELETE', path('connections', id)),
  routes: () => call<RoutesAnswer>('GET', path('routes')),
  jobs: (state?: string) => call<JobsAnswer>('GET', `${path('jobs')}${state === undefined ? '' : `?state=${state}`}`),
  addJob: (body: NewJob) => call<JobInfo>('POST', path('jobs'), { body }),
  replayJob: (id: number) => call<JobInfo>('POST', path('jobs', String(id), 'replay')),
  removeJob: (id: number) => call<void>('DELETE', path('jobs', String(id))),
  flags: () => call<FlagsAnswer>('GET', path('flags')),
  editFlag: (key: string, body: FlagEdit) => call<FlagsAnswer>('PUT', path('flags', key), { body }),
  runExperiment: (key: string, running: boolean) =>
    call<FlagsAnswer>('PUT', path('experiments', key), { body: { running } }),
  runShadow: (name: string, running: boolean) => call<FlagsAnswer>('PUT', path('shadows', name), { body: { running } }),
  monitor: () => call<MonitorAnswer>('GET', path('monitor')),
  muteAlert: (id: number, body: AlertEdit) => call<unknown>('PUT', path('alerts', String(id)), { body }),
  retention: () => call<RetentionAnswer>('GET', path('retention')),
  runRetention: (dryRun: boolean) => call<RetentionReport>('POST', path('retention'), { body: { dryRun } }),
  audit: (query: AuditQuery) => {
    const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))
    return call<AuditAnswer>('GET', `${path('audit')}?${search}`)
  },
  verifyAudit: () => call<AuditVerdict>('GET', path('audit', 'verify')),
  report: () => call<ReportAnswer>('GET', path('report')),
  makeReport: () => call<ReportAnswer>('POST', path('report')),
}

/** Where the file of an export can be had. */
export const resultUrl = (id: number): string => `/api/v2${path('jobs', String(id), 'result')}`
