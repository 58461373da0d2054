import type { AlertInfo } from '@lectern/protocol'
import { describe, expect, it } from 'vitest'
import { createAlerts } from './alerts.ts'
import { createRecentTimes } from './recent-times.ts'
import { createSilence } from './silence.ts'
import { createChanged } from './changed.ts'

const HOUR = 3_600_000
const MINUTE = 60_000
const CPU = { threshold: 'cpu', detail: 'Hot.', severity: 'warning' } as const

describe('alerts', () => {
  it('are raised once until they are cleared, and kept for a day after', () => {
    const told: string[] = []
    const alerts = createAlerts({ onChange: (what, alert) => told.push(`${what} ${alert.id}`) })
    alerts.raise(CPU, 1000)
    alerts.raise(CPU, 2000)
    alerts.raise({ ...CPU, subject: 'other' }, 3000)
    alerts.clear(CPU, 4000)
    alerts.clear(CPU, 5000)
    expect(told).toEqual(['raised 1', 'raised 2', 'cleared 1'])
    expect(alerts.list(6000)).toEqual([
      { ...CPU, id: 2, subject: 'other', raisedAt: 3000 },
      { ...CPU, id: 1, raisedAt: 1000, clearedAt: 4000 },
    ])
    expect(alerts.active(6000).map(({ id }) => id)).toEqual([2])
    expect(alerts.list(4000 + 24 * HOUR + 1).map(({ id }) => id)).toEqual([2])
    expect(alerts.raisedTotal().get('cpu')).toBe(2)
  })

  it('are silent while they are muted, also when the same comes again', () => {
    const told: string[] = []
    const alerts = createAlerts({ onChange: (what, alert) => told.push(`${what} ${alert.id}`) })
    alerts.raise(CPU, 0)
    expect(alerts.mute(1, 60, 0)).toMatchObject({ mutedUntil: HOUR })
    alerts.clear(CPU, 10)
    alerts.raise(CPU, 20)
    expect(told).toEqual(['raised 1'])
    expect(alerts.active(30)).toEqual([])
    expect(alerts.active(HOUR)).toHaveLength(1)
    expect(alerts.mute(2, 0, 40)).not.toHaveProperty('mutedUntil')
    expect(alerts.active(50)).toHaveLength(1)
    expect(() => alerts.mute(99, 1, 0)).toThrow(expect.objectContaining({ code: 'not_found' }))
  })
})

describe('alerts after a restart', () => {
  it('are those of before, with numbers that go on', () => {
    let kept: readonly AlertInfo[] = []
    const keep = (alerts: readonly AlertInfo[]) => (kept = structuredClone(alerts))
    const before = createAlerts({ onChange: () => undefined, keep })
    before.raise(CPU, 1000)
    before.raise({ ...CPU, threshold: 'disk' }, 1100)
    before.clear(CPU, 1200)
    before.mute(2, 60, 1300)
    const told: string[] = []
    const after = createAlerts({ onChange: (what, alert) => told.push(`${what} ${alert.id}`), before: kept, keep })
    expect(after.list(2000)).toEqual(before.list(2000))
    expect(after.raised().map(({ threshold, mutedUntil }) => [threshold, mutedUntil])).toEqual([['disk', HOUR + 1300]])
    after.raise({ ...CPU, threshold: 'disk' }, 2000)
    after.raise(CPU, 2000)
    expect(told).toEqual(['raised 3'])
    expect(kept.map(({ id }) => id)).toEqual([1, 2, 3])
    after.clear(CPU, 30 * HOUR)
    expect(kept.map(({ id }) => id)).toEqual([2, 3])
  })
})

describe('classes that fall silent', () => {
  const around = (students: number, ended?: number) => ({ students: () => students, lessonEnded: () => ended })
  const steady = (classId: string, minutes: number, silence = createSilence({ afterMinutes: 10 })) => {
    for (let minute = 0; minute < minutes; minute += 1) silence.heard(classId, minute * MINUTE)
    return silence
  }

  it('are found when they sent steadily and students are connected', () => {
    const silence = steady('k1', 6)
    const found = (minute: number, students = 3) => silence.silent(minute * MINUTE, around(students))
    expect(found(14)).toEqual([])
    expect(found(15)).toEqual([{ class: 'k1', since: 5 * MINUTE }])
    expect(found(15, 0)).toEqual([])
    silence.heard('k1', 16 * MINUTE)
    expect(found(17)).toEqual([])
  })

  it('are not missed after their lesson has ended, until they send again', () => {
    const silence = steady('k1', 6)
    expect(silence.silent(15 * MINUTE, around(3, 6 * MINUTE))).toEqual([])
    expect(silence.silent(15 * MINUTE, around(3, 4 * MINUTE))).toEqual([{ class: 'k1', since: 5 * MINUTE }])
    expect(silence.silent(15 * MINUTE, around(3))).toEqual([{ class: 'k1', since: 5 * MINUTE }])
  })

  it('are awaited for a while after a restart, and then known by their students', () => {
    const silence = createSilence({ afterMinutes: 10 })
    silence.restore('k1', 0, 12 * MINUTE)
    silence.restore('k2', 0, 12 * MINUTE)
    const found = (minute: number, students: number) =>
      silence.silent(minute * MINUTE, around(students)).map(({ class: classId }) => classId)
    expect(found(11, 0)).toEqual(['k1', 'k2'])
    expect(found(13, 2)).toEqual(['k1', 'k2'])
    silence.heard('k1', 13 * MINUTE)
    expect(found(24, 2)).toEqual(['k2'])
    expect(found(24, 0)).toEqual([])
  })

  it('are not those that sent now and then, nor those of long ago, nor any when it is switched off', () => {
    expect(steady('k1', 4).silent(30 * MINUTE, around(3))).toEqual([])
    expect(steady('k1', 6).silent(5 * HOUR, around(3))).toEqual([])
    expect(steady('k1', 6, createSilence({ afterMinutes: 0 })).silent(15 * MINUTE, around(3))).toEqual([])
  })
})

describe('times of the last minute', () => {
  it('are known to within a twelfth, and forgotten after the minute', () => {
    let now = 0
    const times = createRecentTimes(() => now)
    expect(times.quantiles([0.5])?.[0]).toBeUndefined()
    for (let ms = 1; ms <= 100; ms += 1) times.add(ms)
    for (const share of [0.5, 0.99]) {
      expect(times.quantiles([share])?.[0]).toBeGreaterThanOrEqual(share * 100 - 0.001)
      expect(times.quantiles([share])?.[0]).toBeLessThan(share * 100 * (13 / 12) + 0.001)
    }
    now = 59_000
    times.add(1_000_000)
    expect(times.quantiles([1])?.[0]).toBeGreaterThan(100_000)
    now = 65_000
    expect(times.quantiles([0.5])?.[0]).toBeGreaterThan(100_000)
    now = 130_000
    expect(times.quantiles([0.5])?.[0]).toBeUndefined()
  })
})

describe('parts of the system page', () => {
  it('are named when their version differs from the last time, and not at first', () => {
    const changed = createChanged()
    let jobs = { waiting: 0 }
    const ask = () => changed({ jobs: () => jobs, flags: () => undefined })
    expect([ask(), ask()]).toEqual([[], []])
    jobs = { waiting: 1 }
    expect([ask(), ask()]).toEqual([['jobs'], []])
  })
})
