import { levelOf, sharesNothing, type Join } from '../core/outbox.ts'
import type { Status } from '../core/status.ts'
import { gapsText } from '../texts/gaps-text.ts'
import { problemText } from '../texts/problem-text.ts'
import type { Texts } from '../texts/texts.ts'
import type { Shown } from './room.ts'

/** What is collected now, in a few words. */
export function collectedText({ consent }: Texts, join: Join): string {
  if (sharesNothing(join)) return consent.sharesNothing
  return consent.levels[levelOf(join)]?.name ?? ''
}

/** What was left out, given up or is at risk, in sentences: nothing is dropped in silence. */
export function lossTexts({ panel, problems }: Texts, { join, trouble, storage }: Status): string[] {
  const counts: [number | undefined, (count: number) => string][] = [
    [trouble?.heldBack, problems.heldBack],
    [trouble?.missed, problems.missed],
    [join?.shrunk, problems.shrunk],
    [join?.expired, problems.expired],
  ]
  const lines = counts.flatMap(([count, say]) => (count === undefined || count === 0 ? [] : [say(count)]))
  return storage === 'memory' ? [panel.storageMemory, ...lines] : lines
}

/** What stands between the student and the class, if anything does. */
export function obstacleText(texts: Texts, { standing }: Shown): string | undefined {
  if (standing.kind === 'off') return texts.panel.offLong
  if (standing.kind === 'incomplete') return gapsText(texts, standing.gaps)
  if (standing.kind === 'left') return texts.join.left
  if (standing.kind === 'in') return undefined
  const { preview, problem } = standing
  if (preview) return texts.join.unanswered(preview.className)
  return problem ? problemText(texts, problem.code) : texts.join.asking
}

/** Everything worth knowing in a few lines, as plain text, for tips. */
export function tipText(texts: Texts, shown: Shown): string {
  const { status, standing } = shown
  const obstacle = obstacleText(texts, shown)
  const lines = obstacle === undefined ? [] : [obstacle]
  const { join, problem } = status
  if (standing.kind === 'in' && join) {
    const { panel, sharing } = texts
    if (join.member) lines.push(`${panel.klass}: ${join.member.class.name}`)
    lines.push(`${panel.name}: ${join.details.name}`, `${panel.server}: ${join.details.server}`)
    lines.push(`${sharing.now}: ${collectedText(texts, join)}`)
    if (problem) lines.push(problemText(texts, problem.code))
  }
  return [...lines, ...lossTexts(texts, status)].join('\n')
}
