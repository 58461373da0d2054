import type { Random } from './random.ts'

/** What makes one student differ from another; drawn once from the seed. */
export interface Traits {
  /** Time taken, as a multiple of the ordinary. */
  pace: number
  /** 0 to 1: how likely a try succeeds. */
  skill: number
  /** Tries of one exercise before the student gives up or asks. */
  persistence: number
  /** 0 to 1: asks rather than gives up. */
  asks: number
  /** Breaks an hour. */
  breaks: number
  /** Network faults an hour. */
  faults: number
  /** Minutes by which the student comes late. */
  lateMinutes: number
}

/** Draws the traits of one student. */
export function drawTraits(random: Random): Traits {
  return {
    pace: Math.exp(random.between(-0.45, 0.55)),
    skill: Math.min(0.97, Math.max(0.1, 0.25 + 0.75 * Math.sqrt(random.next()))),
    persistence: random.int(2, 7),
    asks: random.next(),
    breaks: random.between(0, 2.5),
    faults: random.chance(0.2) ? random.between(0.5, 3) : 0,
    lateMinutes: random.chance(0.85) ? random.between(0, 3) : random.between(3, 20),
  }
}
