import { useMemo } from 'react'
import type { ClassInfo } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { prefer, usePreferences } from '../app/preferences.ts'
import { may } from '../class/may.ts'
import { Narrowed, Search, UpdateButton } from '../class/narrowing.tsx'
import type { Row } from '../class/overview.ts'
import { Panel } from '../class/panel.tsx'
import { useFrozenRows } from '../class/use-frozen-rows.ts'
import { useNarrowing } from '../class/use-narrowing.ts'
import { useRosterIndex } from '../class/use-roster-index.ts'
import { TakeOut } from '../parts/take-out.tsx'
import { useNarrow, usePlace } from '../shell/place.ts'
import { ColumnChoice } from './column-choice.tsx'
import { readSorting, sortingAfter, sortRows } from './columns.ts'
import { Filters } from './filters.tsx'
import { StudentTable } from './student-table.tsx'
import { useListTable } from './use-list-table.ts'

interface ListPanelProps {
  readonly info: ClassInfo
  readonly rows: readonly Row[]
  /** The server's clock, ms. */
  readonly now: number
}

/** The students as a table. The order stands still while somebody reads or clicks in it. */
export function ListPanel({ info, rows, now }: ListPanelProps) {
  const t = useTranslations('students')
  const { query } = usePlace(info.id)
  const narrow = useNarrow(info.id)
  const narrowing = useNarrowing(info.id)
  const roster = useRosterIndex(info.id)
  const { hiddenColumns } = usePreferences()
  const sorting = useMemo(() => readSorting(query['sort']), [query])
  const sorted = useMemo(() => {
    const listed = rows.map((row) => ({ row, entry: roster.get(row.id) }))
    return sortRows(listed, sorting).map(({ row }) => row)
  }, [rows, roster, sorting])
  const { rows: shown, changed, update, hold } = useFrozenRows(sorted, narrowing.belongs)
  const listed = useMemo(() => shown.map((row) => ({ row, entry: roster.get(row.id) })), [shown, roster])
  const table = useListTable(now)
  return (
    <Panel
      id="list"
      title={t('title')}
      note={narrowing.isNarrowed ? t('shown', { shown: shown.length, all: rows.length }) : rows.length}
      tools={
        <>
          <UpdateButton changed={changed} onUpdate={update} />
          <Filters rows={rows} roster={roster} narrowing={narrowing} />
          <Search narrowing={narrowing} />
          <ColumnChoice hidden={hiddenColumns} onChange={(hidden) => prefer({ hiddenColumns: hidden })} />
          {may(info, 'roster.edit') && (
            <TakeOut name={`${info.name} ${t('title')}`} table={() => table(listed)} print="list" />
          )}
        </>
      }
    >
      <div className="list-hold" data-print="list" {...hold}>
        {shown.length > 0 ? (
          <StudentTable
            classId={info.id}
            rows={listed}
            hidden={hiddenColumns}
            sorting={sorting}
            onSort={(column) => {
              update()
              narrow({ sort: sortingAfter(sorting, column) })
            }}
            now={now}
          />
        ) : (
          <Narrowed narrowing={narrowing} isEmpty={rows.length === 0} />
        )}
      </div>
    </Panel>
  )
}
