import type { Page } from 'playwright-core'

/** What the extension on this page says of events that the server refused: code and event, by what it keeps for its student. */
export function refusals(page: Page): Promise<readonly string[]> {
  return page.evaluate(
    () =>
      new Promise<string[]>((settle, fail) => {
        const opening = indexedDB.open('lectern-sent')
        opening.addEventListener('error', () => fail(opening.error))
        opening.addEventListener('success', () => {
          const db = opening.result
          const [store = ''] = db.objectStoreNames
          const reading = db.transaction(store).objectStore(store).getAll()
          reading.addEventListener('success', () => {
            db.close()
            const entries = reading.result as { state: string; code?: string; json: string }[]
            settle(entries.filter(({ state }) => state === 'refused').map(({ code, json }) => `${code}: ${json}`))
          })
        })
      }),
  )
}
