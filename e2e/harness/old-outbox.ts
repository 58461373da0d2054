import { randomUUID } from 'node:crypto'
import type { JoinAnswer } from '@lectern/protocol'
import type { Page } from 'playwright-core'

interface Old {
  /** As the student's browser reaches it. */
  readonly server: string
  readonly code: string
  readonly name: string
  readonly level: number
}

/** What a browser was left with by the former version of the extension. */
export interface OldOutbox {
  readonly install: string
  /** Ids of what it had captured, in order. */
  readonly ids: readonly string[]
}

async function post<T>(url: string, body: object, token?: string): Promise<T> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const headers = { 'content-type': 'application/json', ...authorization }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}

/** The rows of a join in version 1 of the database, without the counts of version 2. */
function rowsOf({ server, code, name, level }: Old, install: string, joined: JoinAnswer) {
  const details = { server, code, name }
  const given = { sharing: true, level, version: joined.consent.version }
  const { token, student } = joined
  const member = { token, student, class: joined.class, level, sharing: true }
  const counts = { nextSeq: 4, sent: 1, refused: 0, help: { open: false } }
  const identity = JSON.stringify([server, code, 'name', name])
  return { install, identity, details, answer: { given, told: true }, member, ...counts }
}

/**
 * Joins a class as version 1 did, and leaves in the browser of `page`, which must be on JupyterLab's origin with no
 * extension, a database of that version. Of its four events the first was acknowledged, the second was stored and its
 * acknowledgement lost, the third was never sent, and the fourth was written while the page was left.
 */
export async function leaveOldOutbox(page: Page, old: Old): Promise<OldOutbox> {
  const install = randomUUID()
  const { server, code, name, level } = old
  const consent = { sharing: true, level, version: 1 }
  const joined = await post<JoinAnswer>(`${server}/api/v2/join`, { code, install, name, consent })
  const drafts = [1, 2, 3, 4].map((n) => ({
    id: randomUUID(),
    type: 'cell_executed',
    at: new Date(Date.now() - 60_000 + n).toISOString(),
    notebook: { id: 'old', path: 'old.ipynb' },
    cell: { id: 'old', index: 0, type: 'code' },
    data: { status: 'ok', source: `old_${n} = ${n}` },
  }))
  const events = drafts.slice(0, 3).map((draft, index) => ({ ...draft, install, seq: index + 1 }))
  await post(`${server}/api/v2/events`, { events: events.slice(0, 2) }, joined.token)
  const waiting = events.slice(1).map((event) => {
    const { seq } = event
    return { install, seq, length: JSON.stringify(event).length, event }
  })
  const rows = { joins: [rowsOf(old, install, joined)], events: waiting, leavings: [{ install, draft: drafts[3] }] }
  await page.evaluate(
    (written) =>
      new Promise<void>((settle, fail) => {
        const opening = indexedDB.open('lectern', 1)
        opening.addEventListener('upgradeneeded', () => {
          const db = opening.result
          db.createObjectStore('joins', { keyPath: 'install' }).createIndex('identity', 'identity')
          db.createObjectStore('events', { keyPath: ['install', 'seq'] })
          db.createObjectStore('leavings', { autoIncrement: true })
        })
        opening.addEventListener('error', () => fail(opening.error))
        opening.addEventListener('success', () => {
          const db = opening.result
          const tx = db.transaction(Object.keys(written), 'readwrite')
          for (const [store, all] of Object.entries(written)) for (const row of all) tx.objectStore(store).add(row)
          tx.addEventListener('abort', () => fail(tx.error))
          tx.addEventListener('complete', () => {
            db.close()
            settle()
          })
        })
      }),
    rows,
  )
  return { install, ids: drafts.map(({ id }) => id) }
}
