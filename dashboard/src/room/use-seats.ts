import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import type { SeatPlace, Seats } from '@lectern/protocol'
import { call, classPath } from '../http/api.ts'
import { KEYS } from '../http/queries.ts'
import { createSeatStore, type SeatStore, type SeatView } from './seat-store.ts'

/** Whoever else edits sees a change within this time. */
const ASK_EVERY_MS = 900

/** The seats of a class, brought up to date for as long as somebody looks. */
export function useSeats(classId: string): SeatView & { readonly store: SeatStore } {
  const client = useQueryClient()
  const store = useMemo(
    () =>
      createSeatStore({
        read: (after) => call<Seats>('GET', `${classPath(classId)}/seats?after=${after}`),
        write: async (places: readonly SeatPlace[]) => {
          await call<void>('PUT', `${classPath(classId)}/seats`, { body: { places } })
          // The roster says what the seats are called.
          void client.invalidateQueries({ queryKey: KEYS.roster(classId) })
        },
        clock: () => performance.now(),
      }),
    [classId, client],
  )
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let isOver = false
    const ask = async () => {
      if (!document.hidden) await store.refresh()
      if (!isOver) timer = setTimeout(() => void ask(), ASK_EVERY_MS)
    }
    void ask()
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [store])
  return { ...useSyncExternalStore(store.subscribe, store.get), store }
}
