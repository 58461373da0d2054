import { useEffect, useState, useSyncExternalStore } from 'react'
import { api } from '../http/api.ts'
import { LiveClient, type LiveView } from './live-client.ts'

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

/** Follows a class for as long as the component is there. `retry` tries again at once. */
export function useLive(classId: string): LiveView & { retry: () => void } {
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
  return { ...useSyncExternalStore(client.subscribe, client.view), retry: client.connect }
}
