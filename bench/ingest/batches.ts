const SEQ_DIGITS = 10
const FIRST_SEQ = 1_000_000_000
const ID_START = '0192f0c1-7b1a-7000-8000-'
const COUNTER_DIGITS = 12

/** A body whose ids and numbers are written anew for each sending; everything else stays. */
export interface Batch {
  bytes: Buffer
  /** Gives every event a new id and the next number. */
  renew(): void
}

/** The `data` of every measured event: a cell that ran well. */
export const EVENT_DATA = {
  startedAt: '2026-04-10T01:00:06.100Z',
  endedAt: '2026-04-10T01:00:06.340Z',
  durationMs: 240,
  executionCount: 3,
  sourceBytes: 24,
  outputBytes: 3,
  status: 'ok',
  source: 'total = price * count\nprint(total)',
}

/** One realistic event as JSON text, about 600 bytes, with places for id and number. */
function eventText(install: string): string {
  return JSON.stringify({
    id: ID_START + '0'.repeat(COUNTER_DIGITS),
    install,
    seq: FIRST_SEQ,
    type: 'cell_executed',
    at: '2026-04-10T01:00:07.000Z',
    session: 'morning',
    notebook: { id: 'python-basics', path: 'lessons/python-basics.ipynb' },
    cell: { id: 'ex-03', index: 7, type: 'code' },
    data: EVENT_DATA,
  })
}

/** The time in the id, so that ids of later sendings sort later, as UUIDv7 do. */
function idTime(): string {
  const hex = Date.now().toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}`
}

/** Makes a batch of `count` events of one install. `number` tells batches of one measurement apart. */
export function createBatch(options: { install: string; count: number; number: number; head: string }): Batch {
  const { install, count, number, head } = options
  const events = Array.from({ length: count }, () => eventText(install)).join(',')
  const bytes = Buffer.from(`${head}"events":[${events}]}`)
  const places: { id: number; seq: number }[] = []
  for (let at = bytes.indexOf(ID_START); at !== -1; at = bytes.indexOf(ID_START, at + 1)) {
    places.push({ id: at, seq: bytes.indexOf(String(FIRST_SEQ), at) })
  }
  let seq = FIRST_SEQ
  return {
    bytes,
    renew() {
      const time = idTime()
      for (const place of places) {
        seq += 1
        bytes.write(time, place.id, 'latin1')
        bytes.write(String(seq).padStart(SEQ_DIGITS, '0'), place.seq, 'latin1')
        const counter = (number * 2 ** 32 + (seq - FIRST_SEQ)).toString(16).padStart(COUNTER_DIGITS, '0')
        bytes.write(counter, place.id + ID_START.length, 'latin1')
      }
    },
  }
}
