import { useCallback, useState } from 'react'
import type { AttentionKind } from '@lectern/protocol'
import { Button, Input, SearchField } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { Icon } from '../parts/icons.tsx'
import { useNarrow, usePlace } from '../shell/place.ts'
import { KINDS } from './kinds.ts'
import { Panel } from './panel.tsx'
import type { Row } from './overview.ts'
import { StudentList } from './student-list.tsx'
import { useFrozenRows } from './use-frozen-rows.ts'

interface StudentsPanelProps {
  readonly classId: string
  readonly rows: readonly Row[]
  readonly now: number
}

/** Lower case and one width, so that a search finds what it means in Japanese, too. */
const plain = (text: string) => text.normalize('NFKC').toLocaleLowerCase()

function Update({ changed, onUpdate }: { readonly changed: number; readonly onUpdate: () => void }) {
  const t = useTranslations('students')
  return (
    <div className="update" role="status">
      {changed > 0 && (
        <Button className="button small-button" onPress={onUpdate}>
          <Icon name="refresh" />
          {t('update', { n: changed })}
        </Button>
      )}
    </div>
  )
}

/** Students by who needs attention. The order stands still while somebody reads or clicks in it. */
export function StudentsPanel({ classId, rows, now }: StudentsPanelProps) {
  const t = useTranslations('students')
  const narrow = useNarrow(classId)
  const { query } = usePlace(classId)
  const only = KINDS.find((kind) => kind === query['kind'])
  const [search, setSearch] = useState('')
  const wanted = plain(search.trim())
  const belongs = useCallback(
    (row: Row, kind: AttentionKind) => (only === undefined || kind === only) && plain(row.name).includes(wanted),
    [only, wanted],
  )
  const { rows: shown, changed, update, hold } = useFrozenRows(rows, belongs)
  const clear = () => {
    setSearch('')
    narrow({ kind: '' })
  }
  const isNarrowed = only !== undefined || wanted !== ''
  return (
    <Panel
      id="students"
      title={t('title')}
      note={isNarrowed ? t('shown', { shown: shown.length, all: rows.length }) : String(rows.length)}
      tools={
        <>
          <Update changed={changed} onUpdate={update} />
          <SearchField className="search" aria-label={t('search')} value={search} onChange={setSearch}>
            <Icon name="search" />
            <Input id="student-search" placeholder={t('search')} />
          </SearchField>
        </>
      }
    >
      <div className="student-hold" {...hold}>
        {shown.length > 0 ? (
          <StudentList classId={classId} rows={shown} now={now} />
        ) : (
          <div className="empty">
            <p>{rows.length === 0 ? t('empty') : t('none')}</p>
            {isNarrowed && (
              <Button className="button" onPress={clear}>
                {t('clear')}
              </Button>
            )}
          </div>
        )}
      </div>
    </Panel>
  )
}
