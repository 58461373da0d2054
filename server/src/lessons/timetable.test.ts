import type { Timetable } from '@lectern/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { faultOf, minutesOf, plannedNext, plannedNow, timeOf } from './timetable.ts'
import { isZone, localTime, momentOf } from './zoned.ts'

const HOUR_MS = 3_600_000
const at = (text: string): number => Date.parse(text)
const TOKYO: Timetable = {
  zone: 'Asia/Tokyo',
  slots: [
    { weekday: 1, begins: '09:00', ends: '10:30' },
    { weekday: 1, begins: '10:40', ends: '12:10' },
    { weekday: 5, begins: '22:30', ends: '24:00' },
  ],
}

describe('a wall clock', () => {
  it('LES-2 shows day, weekday and minute where the class is', () => {
    expect(localTime('Asia/Tokyo', at('2026-04-12T23:30:00Z'))).toEqual({ day: '2026-04-13', weekday: 1, minute: 510 })
    expect(localTime('America/New_York', at('2026-04-12T03:30:00Z'))).toMatchObject({ day: '2026-04-11', weekday: 6 })
    expect([isZone('Asia/Tokyo'), isZone('UTC'), isZone('Mars/Olympus'), isZone('__proto__')]).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  it('LES-2 finds the moment of a time of day, also on the days on which clocks are changed', () => {
    expect(momentOf('Asia/Tokyo', { day: '2026-04-13', minute: 540 })).toBe(at('2026-04-13T00:00:00Z'))
    // In Berlin the hour from 2:00 does not exist on the 29th of March, and comes twice on the 25th of October.
    expect(momentOf('Europe/Berlin', { day: '2026-03-29', minute: 150 })).toBe(at('2026-03-29T01:00:00Z'))
    expect(momentOf('Europe/Berlin', { day: '2026-03-29', minute: 540 })).toBe(at('2026-03-29T07:00:00Z'))
    expect(momentOf('Europe/Berlin', { day: '2026-10-25', minute: 540 })).toBe(at('2026-10-25T08:00:00Z'))
    expect(momentOf('Pacific/Kiritimati', { day: '2026-04-13', minute: 0 })).toBe(at('2026-04-12T10:00:00Z'))
    expect(momentOf('Asia/Tokyo', { day: '2026-04-13', minute: 1440 })).toBe(at('2026-04-13T15:00:00Z'))
  })

  it('LES-2 comes back to the time of day that it was asked for', () => {
    const zones = fc.constantFrom('UTC', 'Asia/Tokyo', 'Asia/Kathmandu', 'America/St_Johns', 'Australia/Sydney')
    fc.assert(
      fc.property(
        zones,
        fc.integer({ min: 0, max: 3650 }),
        fc.integer({ min: 240, max: 1439 }),
        (zone, days, minute) => {
          const day = new Date(at('2020-01-01T00:00:00Z') + days * 24 * HOUR_MS).toISOString().slice(0, 10)
          expect(localTime(zone, momentOf(zone, { day, minute }))).toMatchObject({ day, minute })
        },
      ),
      { numRuns: 300, seed: 4 },
    )
  })
})

describe('a timetable', () => {
  it('LES-2 knows the hour that is now, and the next', () => {
    const monday = at('2026-04-13T00:00:00Z')
    expect(plannedNow(TOKYO, monday)).toEqual({ key: '2026-04-13 09:00', from: monday, until: monday + 1.5 * HOUR_MS })
    expect(plannedNow(TOKYO, monday - 1)).toBeUndefined()
    expect(plannedNow(TOKYO, monday + 1.5 * HOUR_MS)).toBeUndefined()
    expect(plannedNext(TOKYO, monday)?.key).toBe('2026-04-13 10:40')
    expect(plannedNext(TOKYO, monday + 2 * HOUR_MS)?.key).toBe('2026-04-17 22:30')
    expect(plannedNow(TOKYO, at('2026-04-17T14:59:59Z'))?.until).toBe(at('2026-04-17T15:00:00Z'))
    expect(plannedNext({ ...TOKYO, slots: [] }, monday)).toBeUndefined()
    const once: Timetable = { zone: 'UTC', slots: [{ weekday: 1, begins: '00:00', ends: '01:00' }] }
    expect(plannedNext(once, monday)?.from).toBe(monday + 7 * 24 * HOUR_MS)
  })

  it('LES-2 is refused when hours overlap or end before they begin', () => {
    const slot = (begins: string, ends: string, weekday = 1) => ({ weekday, begins, ends })
    const fault = (...slots: Timetable['slots']) => faultOf({ zone: 'UTC', slots })
    expect(fault(slot('09:00', '10:00'), slot('10:00', '11:00'), slot('09:30', '10:30', 2))).toBeUndefined()
    expect(fault(slot('10:00', '11:00'), slot('09:00', '10:01'))).toMatch(/overlap/)
    expect(fault(slot('10:00', '10:00'))).toMatch(/ends before/)
    expect(['00:00', '09:05', '24:00'].map((time) => timeOf(minutesOf(time)))).toEqual(['00:00', '09:05', '24:00'])
  })
})
