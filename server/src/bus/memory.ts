import type { Bus, Hint } from './bus.ts'

/** The bus inside one thread: listeners are called at once, in order of subscription. */
export function createMemoryBus(): Bus {
  const listeners = new Set<(hint: Hint) => void>()
  return {
    publish(hint) {
      for (const listener of listeners) listener(hint)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async close() {
      listeners.clear()
    },
  }
}
