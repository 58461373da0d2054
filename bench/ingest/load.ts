import type { Batch } from './batches.ts'
import type { Line } from './lines.ts'

/** One student's connection with the batch it sends again and again. */
export interface Sender {
  line: Line
  batch: Batch
  events: number
}

/** What a load came to. */
export interface LoadResult {
  /** Events acknowledged a second. */
  perSecond: number
  p50: number
  p99: number
  failed: number
}

interface Counted {
  latencies: number[]
  events: number
  seconds: number
  failed: number
}

function summary({ latencies, events, seconds, failed }: Counted): LoadResult {
  const sorted = latencies.toSorted((a, b) => a - b)
  const at = (part: number): number => Number((sorted[Math.floor(sorted.length * part)] ?? Number.NaN).toFixed(2))
  return { perSecond: Math.round(events / seconds), p50: at(0.5), p99: at(0.99), failed }
}

/** Every sender sends its next batch as soon as the last is acknowledged (closed loop). */
export async function closedLoop(senders: readonly Sender[], seconds: number, warmUp: number): Promise<LoadResult> {
  const latencies: number[] = []
  const begin = performance.now() + warmUp * 1000
  const end = begin + seconds * 1000
  let events = 0
  let failed = 0
  await Promise.all(
    senders.map(
      ({ line, batch, events: size }) =>
        new Promise<void>((resolve) => {
          const next = (): void => {
            const began = performance.now()
            if (began >= end) return resolve()
            batch.renew()
            line.send(batch, (ok) => {
              const now = performance.now()
              if (!ok) failed += 1
              else if (now >= begin && now < end) {
                events += size
                latencies.push(now - began)
              }
              next()
            })
            return undefined
          }
          next()
        }),
    ),
  )
  return summary({ latencies, events, seconds, failed })
}

/** Events a second, for so many seconds, after a warm-up of so many that is not counted. */
interface OpenLoad {
  rate: number
  seconds: number
  warmUp: number
}

/**
 * So many events a second whatever the answers (open loop): a batch is due at its time, and its latency counts from then
 * even if no connection was free, so that a slow server can not hide behind a waiting generator.
 */
export async function openLoop(senders: readonly Sender[], options: OpenLoad): Promise<LoadResult> {
  const { rate, seconds, warmUp } = options
  const [{ events: size } = { events: 1 }] = senders
  const batches = rate / size
  const idle = [...senders]
  const due: number[] = []
  const latencies: number[] = []
  const began = performance.now()
  const counted = began + warmUp * 1000
  const ends = counted + seconds * 1000
  let made = 0
  let failed = 0
  let answered = 0

  function dispatch(): void {
    while (due.length > 0 && idle.length > 0) {
      const sender = idle.pop()
      const since = due.shift()
      if (!sender || since === undefined) return
      sender.batch.renew()
      sender.line.send(sender.batch, (ok) => {
        if (!ok) failed += 1
        else if (since >= counted) {
          answered += 1
          latencies.push(performance.now() - since)
        }
        idle.unshift(sender)
        dispatch()
      })
    }
  }

  return new Promise((resolve) => {
    const tick = (): void => {
      const elapsed = performance.now() - began
      if (began + elapsed >= ends) return resolve(summary({ latencies, events: answered * size, seconds, failed }))
      for (; made < (elapsed / 1000) * batches; made += 1) due.push(began + (made / batches) * 1000)
      dispatch()
      setTimeout(tick, 1)
      return undefined
    }
    tick()
  })
}
