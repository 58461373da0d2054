import type { AlertInfo, MonitorAnswer, RunnerInfo, SystemNumbers, SystemPulse } from '@lectern/protocol'
import type { GroupReport } from '../log/log.ts'
import type { AlertFile } from './alert-file.ts'
import { startAlertRunner, type AlertRunner } from './alert-runner.ts'
import { createAlerts, type AlertListener } from './alerts.ts'
import { createChanged } from './changed.ts'
import type { Machine } from './machine.ts'
import type { Metrics } from './metrics.ts'
import type { MonitorConfig } from './settings.ts'
import { createShedding, type Shedding } from './shedding.ts'
import { createSilence, type Silence } from './silence.ts'
import { NO_CONNECTIONS, NO_JOBS, type KnownSources, type MonitorFacts } from './sources.ts'
import { createWatch } from './watch.ts'

const KEPT_MS = 10 * 60_000
const MS_PER_S = 1000
const MS_PER_MINUTE = 60_000
/** After a restart students' notebooks need so long to find the server again. */
const RECONNECT_MS = 60_000
/** Requests come all the time, also from the page that shows them; it need not read its routes again for each. */
const ROUTES_EVERY_MS = 10_000

interface MonitorOptions {
  config: MonitorConfig
  /** Processor cores of the machine. */
  cores: number
  version: string
  machine: Machine
  metrics: Metrics
  /** Milliseconds since the epoch. */
  clock: () => number
  /** Monotonic, ms. */
  now: () => number
  /** [0, 1) */
  random: () => number
  alertFile: AlertFile
  /** An evaluation of the alerts failed; it is made again. */
  onFailure: (error: unknown) => void
}

/** One place that measures the server, raises alerts and decides what is refused when it is short of something. */
export interface Monitor {
  readonly shedding: Shedding
  /** From now on these parts are asked too; again after a part was started again. */
  watch(sources: KnownSources): void
  /** A commit was made. */
  committed(report: GroupReport): void
  answer(): MonitorAnswer
  /** The small live part, for those who watch. One who is `joining` reads every part anyway; for him nothing has changed. */
  pulse(joining?: boolean): SystemPulse
  /** Silences an alert. Throws `not_found`. */
  mute(id: number, minutes: number): AlertInfo
  /** Called with alerts that are raised and cleared and not muted. Returns how to stop. */
  onAlert(listener: AlertListener): () => void
  /** The evaluation of the alerts as a follower of the log. */
  runner(): RunnerInfo
  facts(): MonitorFacts
  stop(): void
}

class SystemMonitor implements Monitor {
  readonly shedding: Shedding
  readonly #options: MonitorOptions
  readonly #sources: KnownSources = {}
  readonly #alerts
  readonly #watch
  readonly #silence
  readonly #changed = createChanged()
  readonly #startedAt: number
  readonly #everyMs: number
  readonly #series: SystemNumbers[] = []
  readonly #listeners = new Set<AlertListener>()
  readonly #runner: AlertRunner
  #services: SystemPulse['services'] = []
  #asking = false
  #last = { at: 0, stored: 0, requests: 0, overloaded: 0 }
  #routes = { at: 0, requests: 0 }
  #overloaded = { refused: 0, now: false }

  constructor(options: MonitorOptions) {
    const { config, clock, random, onFailure, alertFile } = options
    this.#options = options
    this.#startedAt = clock()
    this.#everyMs = config.everySeconds * MS_PER_S
    const holdMs = config.holdSeconds * MS_PER_S
    this.shedding = createShedding({ holdMs })
    this.#alerts = createAlerts({
      before: alertFile.read(),
      keep: (alerts) => alertFile.write(alerts),
      onChange: (what, alert) => {
        for (const listener of this.#listeners) listener(what, alert)
      },
    })
    this.#silence = this.#restoreSilence()
    this.#watch = createWatch({ config, cores: options.cores, holdMs, alerts: this.#alerts })
    // What is raised is told from the first step on, when those who listen are there.
    this.#sample(this.#startedAt)
    this.#runner = startAlertRunner({
      silence: this.#silence,
      evaluate: () => this.#evaluate(),
      everyMs: this.#everyMs,
      clock,
      random,
      onFailure,
    })
  }

  #restoreSilence(): Silence {
    const { silenceMinutes } = this.#options.config
    const silence = createSilence({ afterMinutes: silenceMinutes })
    for (const { subject, raisedAt } of this.#alerts.raised()) {
      if (subject === undefined) continue
      silence.restore(subject, raisedAt - silenceMinutes * MS_PER_MINUTE, this.#startedAt + RECONNECT_MS)
    }
    return silence
  }

  watch(sources: KnownSources): void {
    const { versions } = this.#sources
    Object.assign(this.#sources, sources, { versions: { ...versions, ...sources.versions } })
    if (sources.services) this.#askServices()
  }

  committed(report: GroupReport): void {
    this.#runner.committed(report)
  }

  onAlert(listener: AlertListener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  runner(): RunnerInfo {
    return this.#runner.info()
  }

  #sample(at: number): SystemNumbers {
    const numbers = this.#measure(at, this.#options.now())
    this.#series.push(numbers)
    if (this.#series.length > KEPT_MS / this.#everyMs) this.#series.shift()
    return numbers
  }

  #evaluate(): void {
    const at = this.#options.clock()
    const numbers = this.#sample(at)
    const deadJobs = this.#sources.jobs?.()?.counts.dead
    const strains = this.#watch.judge(numbers, { deadJobs, unaccounted: this.#unaccounted() }, at)
    this.shedding.consider(strains, at)
    this.#lookForSilence(at)
  }

  #measure(at: number, now: number): SystemNumbers {
    const { machine, metrics } = this.#options
    const { log, connections, requests } = this.#sources
    const counts = log?.()
    const current = {
      at: now,
      stored: counts?.stored ?? 0,
      requests: requests?.() ?? 0,
      overloaded: metrics.errors().get('overloaded') ?? 0,
    }
    const seconds = Math.max(0.001, (now - this.#last.at) / MS_PER_S)
    // A part that was started again counts from 0.
    const rate = (key: 'stored' | 'requests') => Math.max(0, current[key] - this.#last[key]) / seconds
    const rates = { eventsPerSecond: rate('stored'), requestsPerSecond: rate('requests') }
    this.#overloaded = { refused: current.overloaded, now: current.overloaded > this.#last.overloaded }
    this.#last = current
    return {
      at,
      ...machine.measure(),
      ...rates,
      ...metrics.acknowledgements(),
      commitMs: counts?.lastGroup.commitMs ?? 0,
      groupEvents: counts?.lastGroup.events ?? 0,
      queueBytes: counts?.queueBytes ?? 0,
      foldLag: counts?.foldLag ?? 0,
      sockets: (connections?.() ?? NO_CONNECTIONS).open,
    }
  }

  #unaccounted(): number {
    const { received = 0, stored = 0, duplicate = 0, refused = 0 } = this.#sources.log?.() ?? {}
    return Math.abs(received - stored - duplicate - refused)
  }

  #lookForSilence(at: number): void {
    const { studentsOf, className, lessonsEnded } = this.#sources
    if (!studentsOf || !className) return
    const ended = lessonsEnded?.()
    const around = { students: studentsOf, lessonEnded: (classId: string) => ended?.get(classId) }
    this.#watch.silent(this.#silence.silent(at, around), { at, className })
  }

  #askServices(): void {
    const { services } = this.#sources
    if (!services || this.#asking) return
    this.#asking = true
    services()
      .then(
        (all) => {
          this.#services = all
        },
        // It is asked again with the next pulse.
        () => undefined,
      )
      .finally(() => {
        this.#asking = false
      })
  }

  #numbers(): SystemNumbers {
    return this.#series.at(-1) as SystemNumbers
  }

  answer(): MonitorAnswer {
    const { version, cores, clock } = this.#options
    const { received = 0, stored = 0, duplicate = 0, refused = 0 } = this.#sources.log?.() ?? {}
    const holds = received === stored + duplicate + refused
    return {
      version,
      startedAt: this.#startedAt,
      cores,
      numbers: this.#numbers(),
      law: { received, stored, duplicate, refused, holds },
      everyMs: this.#everyMs,
      series: [...this.#series],
      thresholds: this.#watch.thresholds(),
      alerts: this.#alerts.list(clock()),
      shedding: this.shedding.info(this.#overloaded),
    }
  }

  pulse(joining = false): SystemPulse {
    const { clock } = this.#options
    const at = clock()
    this.#askServices()
    const { connections, jobs } = this.#sources
    const shed = this.shedding.info(this.#overloaded).shed
    return {
      at,
      numbers: this.#numbers(),
      connections: (connections ?? (() => NO_CONNECTIONS))(),
      jobs: jobs?.()?.counts ?? NO_JOBS,
      services: this.#services,
      alerts: this.#alerts.active(at).length,
      shed,
      changed: joining ? [] : this.#changedParts(at, shed),
    }
  }

  #changedParts(at: number, shed: readonly string[]): SystemPulse['changed'] {
    const { jobs, requests, versions } = this.#sources
    return this.#changed({
      services: () => this.#services,
      jobs: () => jobs?.()?.counts,
      routes: () => this.#routesVersion(at, requests?.() ?? 0),
      monitor: () => [this.#alerts.version(), shed],
      ...versions,
    })
  }

  /** Changes with the requests, but not for each of them. */
  #routesVersion(at: number, requests: number): number {
    if (at - this.#routes.at >= ROUTES_EVERY_MS) this.#routes = { at, requests }
    return this.#routes.requests
  }

  mute(id: number, minutes: number): AlertInfo {
    return this.#alerts.mute(id, minutes, this.#options.clock())
  }

  facts(): MonitorFacts {
    const { version, cores, clock } = this.#options
    return {
      version,
      cores,
      numbers: this.#numbers(),
      activeAlerts: this.#alerts.active(clock()),
      raisedAlerts: this.#alerts.raisedTotal(),
      shedding: this.shedding.info(this.#overloaded),
    }
  }

  stop(): void {
    this.#runner.stop()
    this.#options.machine.stop()
  }
}

/** Makes the monitor, which measures from now on. */
export function createMonitor(options: MonitorOptions): Monitor {
  return new SystemMonitor(options)
}
