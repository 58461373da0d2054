import { expect, it } from 'vitest'
import type { Bus, Hint } from './bus.ts'

/** What every bus must do; `flush` resolves when hints published before have been delivered. */
export function describeBus(make: () => Promise<{ bus: Bus; flush: () => Promise<void> }>): void {
  it('LOG-1 delivers hints in order to every listener, and none after it stopped', async () => {
    const { bus, flush } = await make()
    const heard: Hint[][] = [[], []]
    const stop = bus.subscribe((hint) => heard[0]!.push(hint))
    bus.subscribe((hint) => heard[1]!.push(hint))
    for (let top = 1; top <= 3; top += 1) bus.publish({ class: 'k1', top })
    await flush()
    stop()
    bus.publish({ class: 'k2', top: 1 })
    await flush()
    expect(heard[0]!.map(({ top }) => top)).toEqual([1, 2, 3])
    expect(heard[1]!.map((hint) => [hint.class, hint.top])).toEqual([
      ['k1', 1],
      ['k1', 2],
      ['k1', 3],
      ['k2', 1],
    ])
    await bus.close()
  })

  it('LOG-1 delivers nothing after it was closed', async () => {
    const { bus, flush } = await make()
    let heard = 0
    bus.subscribe(() => (heard += 1))
    await bus.close()
    bus.publish({ class: 'k1', top: 1 })
    await flush()
    expect(heard).toBe(0)
  })
}
