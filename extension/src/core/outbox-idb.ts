import { openDB } from 'idb'
import { collectIn, endIn, helpIn, holdIn, keepIn, resumeIn, tidyIn } from './outbox-idb-work.ts'
import {
  changeJoin,
  ofInstall,
  STORES,
  upgrade,
  VERSION,
  withoutIdentity,
  type Schema,
  type Writing,
} from './outbox-idb-schema.ts'
import {
  admitted,
  consented,
  fitting,
  identityOf,
  newJoin,
  opened,
  OUTBOX_LIMITS,
  sharesNothing,
  type Outbox,
  type OutboxLimits,
} from './outbox.ts'

/**
 * Opens the outbox in IndexedDB database `name`. Rejects where the browser blocks storage.
 * Transactions are durable before they resolve ("strict"): a captured event survives a crash of the machine.
 */
export async function openIdbOutbox(name: string, limits: OutboxLimits = OUTBOX_LIMITS): Promise<Outbox> {
  const db = await openDB<Schema>(name, VERSION, {
    // What goes wrong in it ends the opening.
    upgrade: (database, before, ...[, tx]) => void upgrade({ db: database, before, tx }),
    // A newer version of this code in another tab wants to change the schema.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  })
  /** One transaction over all stores: it ends in the order in which it was asked for, in whatever tab. */
  const write = async <T>(work: (tx: Writing) => Promise<T>, durability: IDBTransactionDurability = 'strict') => {
    const tx = db.transaction(STORES, 'readwrite', { durability })
    const done = tx.done
    // Failing work ends its transaction: nothing of it is kept.
    const value = await work(tx).catch(async (error: unknown) => {
      await done.catch(() => undefined)
      throw error
    })
    await done
    return value
  }

  return {
    kind: 'indexeddb',
    open: (details, fresh, answer) =>
      write(async (tx) => {
        const identity = identityOf(details)
        const known = await tx.objectStore('joins').index('identity').get(identity)
        const join = opened(known ? withoutIdentity(known) : newJoin(fresh, details), details, answer)
        await tx.objectStore('joins').put({ ...join, identity })
        return join
      }),
    async find(details) {
      const row = await db.getFromIndex('joins', 'identity', identityOf(details))
      return row && withoutIdentity(row)
    },
    async join(install) {
      const row = await db.get('joins', install)
      return row && withoutIdentity(row)
    },
    joins: async () => (await db.getAll('joins')).map(withoutIdentity),
    admit: (install, member) => write((tx) => changeJoin(tx, install, (join) => admitted(join, member))),
    keep: (install, draft) => write((tx) => keepIn(tx, { install, draft, limits })),
    leave(install, draft) {
      const tx = db.transaction(['leavings'], 'readwrite', { durability: 'relaxed' })
      void tx.objectStore('leavings').add({ install, draft })
      tx.commit()
      void tx.done.catch(() => {})
    },
    collect: () => write((tx) => collectIn(tx, limits)),
    // A note need not survive more than the page.
    begin: (run) => write(async (tx) => void (await tx.objectStore('runs').put(run)), 'relaxed'),
    end: (run, draft) => write((tx) => endIn(tx, { run, draft, limits })),
    drop: (run) => write((tx) => tx.objectStore('runs').delete(run)),
    openRuns: () => db.getAll('runs'),
    tidy: (now) => write((tx) => tidyIn(tx, now, limits)),
    resume: (install, through) => write((tx) => resumeIn(tx, install, through)),
    async oldest(install, size) {
      const rows = await db.getAll('events', ofInstall(install), size.events)
      const sizes = rows.map((row) => row.length)
      return rows.slice(0, fitting(sizes, size)).map((row) => row.event)
    },
    settle: (install, settled, now) => write((tx) => holdIn(tx, { install, settled, now, limits })),
    helpIs: (install, word) => write((tx) => helpIn(tx, install, word)),
    consentIs: (install, consent) =>
      write(async (tx) => {
        await changeJoin(tx, install, (join) => {
          const next = consented(join, consent)
          return sharesNothing(next) ? { ...next, held: { events: 0, bytes: 0 } } : next
        })
        // What is held would be sent again one day.
        if (consent.inForce === undefined) await tx.objectStore('held').delete(ofInstall(install))
      }),
    forget: (install) =>
      write(async (tx) => {
        await tx.objectStore('joins').delete(install)
        for (const store of ['events', 'held'] as const) await tx.objectStore(store).delete(ofInstall(install))
        for (const run of await tx.objectStore('runs').getAll()) {
          if (run.install === install) await tx.objectStore('runs').delete(run.id)
        }
      }),
    waiting: (install) => db.count('events', ofInstall(install)),
    close: () => db.close(),
  }
}
