import { useSyncExternalStore } from 'react'
import type { Store } from '../core/store.ts'

/** The value of a store; draws the component anew when it changes. */
export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get)
}
