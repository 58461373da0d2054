import { memo } from 'react'
import { useTranslations } from 'use-intl'
import { cellNumber } from '../class/use-reason.ts'
import { KindBadge } from '../parts/icons.tsx'
import type { Column, Line } from './grid.ts'
import type { Place } from './grid-keys.ts'
import { useColumnWords } from './use-cell-words.ts'

/** A column that is on the screen: its number, its place in the rows of the matrix, and where it stands, in pixels. */
export interface Shown {
  readonly index: number
  readonly at: number
  readonly start: number
}

/** Name of a place in the page. */
export const idOf = ({ line, column }: Place) => `matrix-${line}-${column}`

const share = (part: number, all: number) => `${all === 0 ? 0 : (100 * part) / all}%`

interface HeadProps {
  readonly column: Column
  /** Students who share. */
  readonly students: number
  readonly isHardest: boolean
  readonly start: number
  readonly index: number
}

/** A column's head: how far the class is with the cell. */
export const Head = memo(function Head({ column, students, isHardest, start, index }: HeadProps) {
  const words = useColumnWords()
  const { reached, done, failing, cell } = column
  return (
    <div
      role="columnheader"
      className={`matrix-column ${isHardest ? 'hardest' : ''}`}
      style={{ insetInlineStart: start }}
      aria-label={words(column)}
      aria-colindex={index + 2}
      title={words(column)}
    >
      <span className="column-bar" aria-hidden="true">
        <span className="part done" style={{ height: share(done, students) }} />
        <span className="part failing" style={{ height: share(failing, students) }} />
        <span className="part reached" style={{ height: share(reached - done - failing, students) }} />
      </span>
      <span className="matrix-number" aria-hidden="true">
        {cellNumber(cell.index)}
      </span>
    </div>
  )
})

interface StudentLineProps {
  readonly line: Extract<Line, { is: 'student' }>
  /** Number of the line. */
  readonly at: number
  readonly start: number
  readonly shown: readonly Shown[]
  /** All columns. */
  readonly columns: number
  /** Column of the active cell, where it is in this line. */
  readonly active: number | undefined
  readonly href: string
}

function Cells({ line, at, shown, active }: Pick<StudentLineProps, 'line' | 'at' | 'shown' | 'active'>) {
  const t = useTranslations('matrix.states')
  return shown.map((column) => {
    const state = line.cells[column.at]?.state ?? 'left'
    return (
      <div
        role="gridcell"
        key={column.index}
        id={idOf({ line: at, column: column.index })}
        className={`matrix-cell is-${state} ${active === column.index ? 'active' : ''}`}
        style={{ insetInlineStart: column.start }}
        aria-colindex={column.index + 2}
        aria-label={t(state)}
        data-line={at}
        data-column={column.index}
      />
    )
  })
}

/** A student with the cells that are on the screen. Of one who does not share nothing is shown but that. */
export const StudentLine = memo(function StudentLine({ href, start, columns, ...props }: StudentLineProps) {
  const t = useTranslations('matrix')
  const { row, done } = props.line
  const isSilent = row.student.sharing === false
  return (
    <div role="row" className="matrix-line" style={{ insetBlockStart: start }} aria-rowindex={props.at + 2}>
      <div role="rowheader" className="matrix-name" aria-colindex={1}>
        <KindBadge kind={row.phase.kind} />
        <a href={href} tabIndex={-1}>
          {row.name}
        </a>
        {!isSilent && (
          <span className="matrix-done" aria-hidden="true">
            {done}
          </span>
        )}
      </div>
      {isSilent ? (
        <div role="gridcell" className="matrix-silent" aria-colindex={2} aria-colspan={columns}>
          {t('notSharing')}
        </div>
      ) : (
        <Cells {...props} />
      )}
    </div>
  )
})

interface TeamLineProps {
  readonly line: Extract<Line, { is: 'team' }>
  readonly at: number
  readonly start: number
}

/** The name of a team above its students. */
export const TeamLine = memo(function TeamLine({ line, at, start }: TeamLineProps) {
  const t = useTranslations('matrix')
  return (
    <div role="row" className="matrix-line" style={{ insetBlockStart: start }} aria-rowindex={at + 2}>
      <div role="rowheader" className="matrix-team" aria-colindex={1}>
        {t('team', { team: line.team || t('noTeam'), n: line.students })}
      </div>
    </div>
  )
})
