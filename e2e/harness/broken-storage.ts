import type { BrowserContext, Page } from 'playwright-core'

/** How a browser's storage fails: it can not be opened, or takes nothing. */
export type StorageFault = 'open' | 'write'

interface Broken {
  lecternStorage?: StorageFault | undefined
}

/** Lets IndexedDB of every page fail for Lectern's own databases, when `breakStorage` says so; at once with `from`. */
export async function prepareBrokenStorage(context: BrowserContext, from?: StorageFault): Promise<void> {
  await context.addInitScript((fault) => {
    const state = globalThis as unknown as Broken
    state.lecternStorage = fault
    const { open } = IDBFactory.prototype
    IDBFactory.prototype.open = function (name, version) {
      if (state.lecternStorage === 'open' && name.startsWith('lectern')) throw new DOMException('', 'UnknownError')
      return version === undefined ? open.call(this, name) : open.call(this, name, version)
    }
    const { transaction } = IDBDatabase.prototype
    IDBDatabase.prototype.transaction = function (stores, mode, options) {
      const tx = transaction.call(this, stores, mode, options)
      const fails = state.lecternStorage === 'write' && this.name.startsWith('lectern') && mode === 'readwrite'
      // As a full or damaged disk does it: the requests are taken, and nothing of them is kept.
      if (fails) queueMicrotask(() => tx.abort())
      return tx
    }
  }, from)
}

/** From now on the storage of this page fails so, or no longer. */
export async function breakStorage(page: Page, fault: StorageFault | undefined): Promise<void> {
  await page.evaluate((now) => {
    const state = globalThis as unknown as Broken
    state.lecternStorage = now
  }, fault)
}
