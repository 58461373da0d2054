import { isTooMuch, settledEntry, type SentEntry, type SentStorage } from './sent-log.ts'

/** Entries that live as long as the page: for browsers that block storage. */
export function createSentMemory(): SentStorage {
  const entries = new Map<string, SentEntry>()
  const keyOf = ({ install, id }: { readonly install: string; readonly id: string }) => `${install} ${id}`
  let chars = 0
  const remove = (key: string) => {
    chars -= entries.get(key)?.json.length ?? 0
    entries.delete(key)
  }
  return {
    async put(added) {
      for (const entry of added) {
        const key = keyOf(entry)
        chars += entry.json.length - (entries.get(key)?.json.length ?? 0)
        entries.set(key, entry)
      }
      for (const key of entries.keys()) {
        if (!isTooMuch(entries.size, chars)) break
        remove(key)
      }
    },
    async settle(settled) {
      for (const one of settled) {
        const key = keyOf(one.event)
        const entry = entries.get(key)
        if (entry) entries.set(key, settledEntry(entry, one))
      }
    },
    newest: async (install, limit) =>
      [...entries.values()]
        .filter((entry) => entry.install === install)
        .toReversed()
        .slice(0, limit),
    async forget(install) {
      for (const [key, entry] of entries) if (entry.install === install) remove(key)
    },
  }
}
