import { createHash } from 'node:crypto'

/**
 * What makes two error messages the same mistake: quoted text, addresses, paths and numbers are left out (SPEC STA-7).
 * Every pattern is linear in the length of the text.
 */
export function normaliseMessage(message: string): string {
  return message
    .slice(0, 500)
    .replaceAll(/'[^']*'|"[^"]*"|`[^`]*`/g, '…')
    .replaceAll(/\b0x[0-9a-f]+\b/gi, '#')
    .replaceAll(/(?:[A-Za-z]:)?[\\/][^\s:,;()]+/g, '…')
    .replaceAll(/\d+/g, '#')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

/** Key of the group of students who share an error in a cell. */
export function errorGroupKey(cellKey: string, name: string, message: string | undefined): string {
  const text = JSON.stringify([cellKey, name, message === undefined ? null : normaliseMessage(message)])
  return `e${createHash('sha256').update(text).digest('base64url').slice(0, 16)}`
}
