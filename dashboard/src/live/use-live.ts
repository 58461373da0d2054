import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { api } from '../http/api.ts'
import { LiveClient, type LiveView } from './live-client.ts'
import { createLiveSource, type StateSource } from './state-source.ts'

const HIDDEN_FRAME_MS = 1_000

/** The next frame; a page in the background has none, and is brought up to date once a second. */
function nextFrame(flush: () => void): void {
  if (document.hidden) setTimeout(flush, HIDDEN_FRAME_MS)
  else requestAnimationFrame(flush)
}

function browserClient(classId: string): LiveClient {
  const url = new URL('/api/v2/live', location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return new LiveClient({
    classId,
    url: url.href,
    ticket: async () => (await api.ticket()).ticket,
    openSocket: (address, protocol) => new WebSocket(address, protocol),
    clock: Date.now,
    random: Math.random,
    schedule: nextFrame,
    isOnline: () => navigator.onLine,
  })
}

/** A class that is followed. */
export interface Live {
  readonly client: Pick<LiveClient, 'view' | 'subscribe'>
  readonly source: StateSource
  /** Tries at once to connect again. */
  readonly retry: () => void
}

/** Follows a class for as long as the component is there; itself it changes only with the class. */
export function useLive(classId: string): Live {
  const [client, setClient] = useState(() => browserClient(classId))
  useEffect(() => {
    const begun = browserClient(classId)
    setClient(begun)
    begun.connect()
    window.addEventListener('online', begun.connect)
    return () => {
      window.removeEventListener('online', begun.connect)
      begun.end()
    }
  }, [classId])
  return useMemo(
    () => ({
      client,
      source: createLiveSource({
        view: client.view,
        subscribe: client.subscribe,
        clock: Date.now,
        matrix: client.matrix,
      }),
      retry: client.connect,
    }),
    [client],
  )
}

/** What the page shows of the connection, as it changes. */
export function useLiveView({ client }: Live): LiveView {
  return useSyncExternalStore(client.subscribe, client.view)
}
