import { createHmac } from 'node:crypto'

const CHARS = 20

/** Gives what an id is called in one export: `s_…` for a student, and so on. */
export type Pseudonyms = (prefix: string, id: string) => string

/**
 * Makes pseudonyms from a secret of one researcher and class: the same id has the same name in each of their exports, and
 * another for everybody else, so that two researchers can not join what they have (SPEC RES-2).
 */
export function createPseudonyms(secret: string): Pseudonyms {
  return (prefix, id) => {
    const name = createHmac('sha256', secret).update(`${prefix} ${id}`).digest('base64url').slice(0, CHARS)
    return `${prefix}_${name}`
  }
}
