import { useTranslations } from 'use-intl'
import { momentCell, type Table } from '../parts/download.ts'
import type { Listed } from './roster-section.tsx'

/** The roster as it is taken out. */
export function useRosterTable(): (rows: readonly Listed[]) => Table {
  const t = useTranslations('manage.roster')
  return (rows) => ({
    columns: [t('name'), t('email'), t('team'), t('joined'), t('code')],
    rows: rows.map(({ entry: { name, email, team, joinedAt }, code }) => [
      name,
      email,
      team,
      momentCell(joinedAt),
      code?.code,
    ]),
  })
}
