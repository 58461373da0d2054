import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SystemPulse, type AlertInfo } from '@lectern/protocol'
import { Value } from 'typebox/value'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../config.ts'
import { noCounts } from '../log/counts.ts'
import { createAlertFile } from './alert-file.ts'
import { createMachine } from './machine.ts'
import { createMetrics } from './metrics.ts'
import { createMonitor, type Monitor } from './monitor.ts'
import type { MonitorConfig } from './settings.ts'
import type { KnownSources, WorkNumbers } from './sources.ts'

const MINUTE = 60_000
const { monitor: defaults } = loadConfig({ env: {}, cwd: '/nowhere' }).config

let folder: string
let monitor: Monitor
let told: [what: string, alert: AlertInfo][]
let wall: number
let failures: unknown[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lectern-monitor-'))
  told = []
  failures = []
  wall = 1_760_000_000_000
})
afterEach(() => {
  monitor.stop()
  rmSync(folder, { recursive: true })
  if (failures.length > 0) throw new Error(String(failures))
})

function start(over: Partial<MonitorConfig> = {}): void {
  monitor = createMonitor({
    config: { ...defaults, everySeconds: 0.02, holdSeconds: 0, cpuPercent: 100, loopMs: 60_000, ...over },
    cores: 2,
    version: '0.1.0',
    machine: createMachine({ dataDir: folder }),
    metrics: createMetrics(() => performance.now()),
    clock: () => wall,
    now: () => performance.now(),
    random: () => 0.5,
    alertFile: createAlertFile(folder, (error) => failures.push(error)),
    onFailure: (error) => failures.push(error),
  })
  monitor.onAlert((what, alert) => told.push([what, alert]))
}

async function until(check: () => boolean): Promise<void> {
  const end = performance.now() + 5000
  while (!check()) {
    if (performance.now() > end) throw new Error(`Not in time: ${check.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const group = (classId: string) => ({
  events: 1,
  parseMs: 1,
  commitMs: 1,
  submissions: [{ class: classId, student: 's', install: 'i', level: 2 as const, bytes: new Uint8Array() }],
})

const workWith = (dead: number): WorkNumbers => ({
  counts: { waiting: 0, running: 0, done: 3, dead },
  pool: { threads: 1, floor: 1, ceiling: 2, busy: 0, oldestMs: 0, crashes: 0, heapBytes: 1000 },
  runners: [],
})

describe('the monitor', () => {
  it('tells of a class that fell silent with students connected, by its name, and of its voice', async () => {
    start()
    let students = 20
    const names: KnownSources = { studentsOf: () => students, className: async (id) => `Python ${id}` }
    monitor.watch(names)
    for (let minute = 0; minute < 6; minute += 1) {
      monitor.committed(group('k1'))
      wall += MINUTE
    }
    wall += 9 * MINUTE
    await until(() => told.length === 1)
    expect(told[0]).toEqual([
      'raised',
      {
        id: 1,
        threshold: 'silent-class',
        subject: 'k1',
        detail: 'No events from "Python k1" for 10 minutes, though students are connected.',
        severity: 'warning',
        raisedAt: wall,
      },
    ])
    const shown = () => monitor.answer().thresholds.find(({ id }) => id === 'silent-class')
    expect(shown()).toMatchObject({ value: 1, raised: true })
    monitor.committed(group('k1'))
    await until(() => told.length === 2)
    expect(told[1]?.[0]).toBe('cleared')
    // Students who went home are no fault.
    wall += 11 * MINUTE
    await until(() => told.length === 3)
    students = 0
    await until(() => told.length === 4)
    expect(shown()).toMatchObject({ value: 0, raised: false })
  })

  it('tells of dead jobs and of events that do not add up, and refuses nothing for them', async () => {
    start()
    let dead = 2
    let stored = 4
    const log = () => ({
      ...noCounts(),
      received: 5,
      stored,
    })
    monitor.watch({ log, jobs: () => workWith(dead) })
    await until(() => told.length === 2)
    expect(told.map(([, { threshold, severity }]) => [threshold, severity])).toEqual([
      ['dead-jobs', 'warning'],
      ['unaccounted', 'critical'],
    ])
    expect(monitor.answer().law).toEqual({ received: 5, stored: 4, duplicate: 0, refused: 0, holds: false })
    expect(monitor.answer().shedding.shed).toEqual([])
    dead = 0
    stored = 5
    await until(() => told.length === 4)
    expect(monitor.answer().law.holds).toBe(true)
  })

  it('SUB-8 gives a pulse that names the parts that changed', async () => {
    start()
    let dead = 0
    let services: SystemPulse['services'] = [{ name: 'log', state: 'running', ok: true }]
    let flags = 1
    const versions = { flags: () => flags }
    monitor.watch({ jobs: () => workWith(dead), services: async () => services, versions })
    await until(() => monitor.pulse().services.length === 1)
    monitor.pulse()
    expect(monitor.pulse().changed).toEqual([])
    services = [{ name: 'log', state: 'failed', ok: false }]
    flags = 2
    dead = 1
    await until(() => told.length === 1)
    expect(monitor.pulse(true).changed).toEqual([])
    const changed = new Set<string>()
    await until(() => {
      const pulse = monitor.pulse()
      expect(Value.Check(SystemPulse, pulse)).toBe(true)
      for (const part of pulse.changed) changed.add(part)
      return changed.has('services')
    })
    expect([...changed].toSorted()).toEqual(['flags', 'jobs', 'monitor', 'services'])
    expect(monitor.pulse()).toMatchObject({ alerts: 1, shed: [], jobs: { done: 3, dead: 1 } })
    monitor.mute(1, 5)
    expect(monitor.pulse().alerts).toBe(0)
  })

  it('takes up its alerts after a restart, and clears what is well by then', async () => {
    start()
    let dead = 2
    monitor.watch({ jobs: () => workWith(dead) })
    await until(() => told.length === 1)
    monitor.stop()
    start()
    expect(monitor.answer().alerts).toMatchObject([{ id: 1, threshold: 'dead-jobs' }])
    monitor.watch({ jobs: () => workWith(dead) })
    const samples = monitor.answer().series.length
    await until(() => monitor.answer().series.length > samples + 2)
    dead = 0
    await until(() => told.length === 2)
    expect(told.map(([what, { id }]) => [what, id])).toEqual([
      ['raised', 1],
      ['cleared', 1],
    ])
    monitor.stop()
    writeFileSync(join(folder, 'alerts.json'), '[{"id":"x"}]')
    start()
    expect(monitor.answer().alerts).toEqual([])
  })

  it('keeps a silent class through a restart, and clears alerts of limits that are no more', async () => {
    const alert = { detail: 'x', severity: 'warning', raisedAt: wall - MINUTE }
    const before = [
      { ...alert, id: 4, threshold: 'silent-class', subject: 'k1' },
      { ...alert, id: 5, threshold: 'of-long-ago' },
    ]
    writeFileSync(join(folder, 'alerts.json'), JSON.stringify(before))
    start()
    let students = 0
    const shown = () => monitor.answer().alerts.flatMap(({ id, clearedAt }) => (clearedAt === undefined ? [id] : []))
    const steps = async (count: number) => {
      const { at = 0 } = monitor.runner()
      const from = monitor.answer().series.length
      await until(() => monitor.answer().series.length >= from + count)
      expect(monitor.runner().at).toBeGreaterThanOrEqual(at)
    }
    monitor.watch({ studentsOf: () => students, className: async (id) => id })
    expect(shown()).toEqual([5, 4])
    await steps(2)
    expect(shown()).toEqual([4])
    students = 3
    wall += 2 * MINUTE
    await steps(2)
    expect(shown()).toEqual([4])
    monitor.committed(group('k1'))
    await until(() => shown().length === 0)
    expect(told).toMatchObject([
      ['cleared', { id: 5 }],
      ['cleared', { id: 4 }],
    ])
  })

  it('follows the log: what was stored is evaluated with the next step', async () => {
    start()
    monitor.committed({ ...group('k1'), events: 7 })
    expect(monitor.runner()).toMatchObject({ name: 'alerts', lag: 7, handled: 0 })
    await until(() => monitor.runner().handled === 7)
    expect(monitor.runner()).toMatchObject({ state: 'waiting', lag: 0, failures: 0, at: wall })
    let broken = true
    monitor.watch({
      jobs: () => {
        if (broken) throw new Error('no number')
        return undefined
      },
    })
    await until(() => monitor.runner().failures > 0)
    expect(monitor.runner()).toMatchObject({ state: 'failed', reason: 'no number' })
    broken = false
    await until(() => monitor.runner().state === 'waiting')
    expect(failures.splice(0)).toHaveLength(monitor.runner().failures)
  })

  it('keeps ten minutes, and no timer keeps the process', async () => {
    start({ everySeconds: 0.1 })
    const { everyMs, series } = monitor.answer()
    expect([everyMs, series.length]).toEqual([100, 1])
    await until(() => monitor.answer().series.length > 2)
    monitor.stop()
    const before = monitor.answer().series.length
    await new Promise((resolve) => setTimeout(resolve, 250))
    expect(monitor.answer().series.length).toBe(before)
  })
})
