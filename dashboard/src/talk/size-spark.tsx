import { useTranslations } from 'use-intl'
import { HISTORY_MS, type Size } from './group-history.ts'

const WIDTH = 96
const HEIGHT = 28

/** The line of a size in steps, from the begin of the window to its end. */
function stepsOf(sizes: readonly Size[], now: number, most: number): string {
  const x = (at: number) => WIDTH - ((now - at) / HISTORY_MS) * WIDTH
  const y = (count: number) => HEIGHT - 1 - (count / Math.max(1, most)) * (HEIGHT - 3)
  // What was so before the window begins is where the line begins.
  const first = sizes.findLast(({ at }) => at <= now - HISTORY_MS)?.count ?? 0
  let path = `M0 ${y(first).toFixed(1)}`
  for (const { at, count } of sizes.filter((size) => size.at > now - HISTORY_MS))
    path += `H${x(at).toFixed(1)}V${y(count).toFixed(1)}`
  return `${path}H${WIDTH}`
}

interface SizeSparkProps {
  readonly sizes: readonly Size[]
  /** The server's clock, ms. */
  readonly now: number
}

/** How many had a mistake over the last minutes. */
export function SizeSpark({ sizes, now }: SizeSparkProps) {
  const t = useTranslations('groups')
  const most = Math.max(1, ...sizes.map(({ count }) => count))
  const line = stepsOf(sizes, now, most)
  return (
    <span className="size-spark">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" focusable="false" preserveAspectRatio="none">
        <path className="size-area" d={`${line}V${HEIGHT}H0Z`} />
        <path className="size-line" d={line} vectorEffect="non-scaling-stroke" />
      </svg>
      <span className="off-screen">{t('most', { n: most })}</span>
    </span>
  )
}
