import type { Dictionary } from './event-row.ts'

/** Texts kept in memory; past this the cache begins again from the file. */
const CACHED_TEXTS = 200_000

interface DictionaryTable {
  find(text: string): number | undefined
  insert(text: string): number
  text(term: number): string
}

/** A dictionary over its table, with what was used lately in memory. */
export function createDictionary(table: DictionaryTable): Dictionary & { find(text: string): number | undefined } {
  const terms = new Map<string, number>()
  const texts = new Map<number, string>()

  function remember(text: string, term: number): number {
    if (terms.size >= CACHED_TEXTS) {
      terms.clear()
      texts.clear()
    }
    terms.set(text, term)
    texts.set(term, text)
    return term
  }

  function find(text: string): number | undefined {
    const known = terms.get(text)
    if (known !== undefined) return known
    const found = table.find(text)
    return found === undefined ? undefined : remember(text, found)
  }

  return {
    find,
    term: (text) => find(text) ?? remember(text, table.insert(text)),
    text(term) {
      const known = texts.get(term)
      if (known !== undefined) return known
      const text = table.text(term)
      remember(text, term)
      return text
    },
  }
}
