import type { SettingsGap } from '../core/settings.ts'
import type { Texts } from './texts.ts'

/** What is missing before a class can be joined, as one sentence. */
export function gapsText({ join }: Texts, gaps: readonly SettingsGap[]): string {
  return join.missing(gaps.map((gap) => join.gaps[gap]).join(join.and))
}
