import type { Stuck } from './stuck.ts'

/** As many of the same error in a row are a reason to offer help. */
export const OFFER_AFTER = 3
const KEY = 'lectern:offers'

interface Parts {
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>
  readonly clock: () => number
  /** At most so many offers a day; 0 is none. */
  readonly perDay: () => number
}

/** The day of this computer's clock and place. */
function dayOf(now: number): string {
  const date = new Date(now)
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`
}

/** Offers of today, of all tabs. */
function madeToday(text: string | null, day: string): number {
  const [made = '', count = ''] = (text ?? '').split(' ')
  return made === day ? Number(count) || 0 : 0
}

/** Decides when help is offered: once for each cell of a page, after the third same error, and never too often in a day. */
export function createOffers({ storage, clock, perDay }: Parts) {
  const offered = new Set<string>()
  return {
    /** True if help is to be offered now, which is then counted. */
    take(cell: string, { count }: Pick<Stuck, 'count'>): boolean {
      if (count < OFFER_AFTER || offered.has(cell)) return false
      const day = dayOf(clock())
      const made = madeToday(storage.getItem(KEY), day)
      if (made >= perDay()) return false
      offered.add(cell)
      storage.setItem(KEY, `${day} ${made + 1}`)
      return true
    },
  }
}
