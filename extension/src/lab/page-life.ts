import type { Captured } from '../core/captured.ts'
import type { Client } from '../core/client.ts'
import { createPresence, PRESENCE_MS } from '../core/presence.ts'
import { utf8Bytes } from '../core/text.ts'

const LOOK_EVERY_MS = 5_000
const ACTIVITY = ['keydown', 'pointerdown', 'wheel'] as const

/** Focus as it is meant here: the page is visible and has the keyboard. */
const hasFocus = () => document.visibilityState === 'visible' && document.hasFocus()

/** Browsers allow 64 KiB for all requests of a page that may outlive it together; headers and others get some of it. */
const KEEPALIVE_BYTES = 56 * 1024

/** Sends what waits of this page with requests that outlive it, never more at once than the browser lets through. */
function createFarewell(client: Client): () => void {
  let underWay = 0
  return () => {
    const last = client.farewell(KEEPALIVE_BYTES - underWay)
    if (!last) return
    const { details, member } = last.join
    const bytes = utf8Bytes(last.body)
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${member?.token ?? ''}` }
    const init: RequestInit = { method: 'POST', headers, body: last.body, keepalive: true, credentials: 'omit' }
    underWay += bytes
    // The events are in the outbox too: what comes of this request does not matter.
    fetch(`${details.server}/api/v2/events`, init)
      .catch(() => {})
      .finally(() => (underWay -= bytes))
  }
}

/** Reports focus and idleness, and the end of the session when the page is left. */
export function watchPage(client: Client, capture: (captured: Captured) => void, beforeLeaving: () => void): void {
  const presence = createPresence(Date.now(), hasFocus())
  const sayFarewell = createFarewell(client)
  for (const type of ACTIVITY) {
    document.addEventListener(type, () => presence.touched(Date.now()), { capture: true, passive: true })
  }
  const look = () => {
    const data = presence.due(Date.now(), hasFocus())
    if (data) capture({ type: 'presence', data })
  }
  setInterval(look, Math.min(LOOK_EVERY_MS, PRESENCE_MS))
  globalThis.addEventListener('online', () => client.retry())
  globalThis.addEventListener('pagehide', () => {
    client.leave({ type: 'session_ended', data: { reason: 'page_hidden' } }, beforeLeaving)
    sayFarewell()
  })
  // On phones and tablets a hidden page may never be told that it ends.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') sayFarewell()
  })
  globalThis.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) capture({ type: 'session_started', data: { client: 'jupyterlab' } })
  })
}
