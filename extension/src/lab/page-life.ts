import type { Captured, Client } from '../core/client.ts'
import { createPresence, PRESENCE_MS } from '../core/presence.ts'

const LOOK_EVERY_MS = 5_000
const ACTIVITY = ['keydown', 'pointerdown', 'wheel'] as const

/** Focus as it is meant here: the page is visible and has the keyboard. */
const hasFocus = () => document.visibilityState === 'visible' && document.hasFocus()

/** Reports focus and idleness, and the end of the session when the page is left. */
export function watchPage(client: Client, capture: (captured: Captured) => void, beforeLeaving: () => void): void {
  const presence = createPresence(Date.now(), hasFocus())
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
    beforeLeaving()
    const last = client.leave({ type: 'session_ended', data: { reason: 'page_hidden' } })
    if (!last) return
    const { details, member } = last.join
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${member?.token ?? ''}` }
    const init: RequestInit = { method: 'POST', headers, body: last.body, keepalive: true, credentials: 'omit' }
    // The events are in the outbox too: what comes of this request does not matter.
    fetch(`${details.server}/api/v2/events`, init).catch(() => {})
  })
  globalThis.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) capture({ type: 'session_started', data: { client: 'jupyterlab' } })
  })
}
