import type { MatrixCell } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { cellNumber } from '../class/use-reason.ts'
import type { Column } from './grid.ts'

const MINUTE_S = 60
const HOUR_S = 3_600

/** Puts a span in seconds into words. */
export function useSpan(): (seconds: number) => string {
  const t = useTranslations('matrix')
  return (seconds) => {
    if (seconds < 1) return t('atOnce')
    if (seconds < MINUTE_S) return t('seconds', { n: Math.round(seconds) })
    if (seconds < HOUR_S) {
      return t('minutes', { m: Math.floor(seconds / MINUTE_S), n: Math.round(seconds % MINUTE_S) })
    }
    return t('hours', { h: Math.floor(seconds / HOUR_S), m: Math.floor((seconds % HOUR_S) / MINUTE_S) })
  }
}

/** Says what became of a student in a cell: "Aiko, cell 3: done after failing, 4 tries, 2 min 10 s". */
export function useCellWords(): (name: string, column: Column, cell: MatrixCell | undefined) => string {
  const t = useTranslations('matrix')
  const span = useSpan()
  return (name, { cell: { index } }, cell) => {
    const text = t('cell', { name, cell: cellNumber(index), state: t(`states.${cell?.state ?? 'left'}`) })
    return cell ? t('cellRuns', { text, tries: cell.tries, time: span(cell.seconds) }) : text
  }
}

/** Says how far the class is with a cell. */
export function useColumnWords(): (column: Column) => string {
  const t = useTranslations('matrix')
  const span = useSpan()
  return ({ cell, reached, done, failing, tries, medianSeconds, medianTries }) => {
    const text = t('column', { cell: cellNumber(cell.index), reached, done, failing, tries })
    if (medianSeconds === undefined || medianTries === undefined) return text
    return t('columnTime', { text, time: span(medianSeconds), tries: medianTries })
  }
}
