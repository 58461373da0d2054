import type { Texts } from './texts.ts'

/** What a student is told about a problem. */
export function problemText({ problems }: Texts, code: string): string {
  return Object.hasOwn(problems.byCode, code) ? (problems.byCode[code] ?? '') : problems.other(code)
}
