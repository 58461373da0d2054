/** True if JSON text may hold characters that `storable` changes: only escapes can bring them into valid UTF-8. */
export function mayNeedRepair(json: string): boolean {
  return json.includes(String.raw`\u`)
}

/**
 * A JSON value with lone surrogates replaced by U+FFFD and NUL removed from every text and name (SPEC EVT-6):
 * neither survives every store and every reader. The depth was bounded before (SPEC LIM-2).
 */
export function storable(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value)
  if (Array.isArray(value)) return value.map(storable)
  if (typeof value !== 'object' || value === null) return value
  // Entries define members, they do not assign them: `__proto__` stays a member (SPEC LIM-4).
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [storableText(name), storable(inner)]))
}

function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '')
}

/** True if every number in the value comes back from JSON text as it is (SPEC EVT-6). */
export function hasExactNumbers(value: unknown): boolean {
  if (typeof value === 'number')
    return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
  if (typeof value !== 'object' || value === null) return true
  return Object.values(value).every(hasExactNumbers)
}
