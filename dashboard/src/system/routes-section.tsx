import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Field } from '../parts/fields.tsx'
import { systemApi } from './api.ts'
import { Answered, Card } from './parts.tsx'
import { usePart } from './queries.ts'
import { useUnits } from './units.ts'

/** Every route, the dearest first. */
export function RoutesSection() {
  const t = useTranslations('system')
  const { number, ms } = useUnits()
  const query = usePart('routes', systemApi.routes)
  const [filter, setFilter] = useState('')
  return (
    <Answered query={query}>
      {({ routes }) => {
        const wanted = filter.toLowerCase()
        const shown = routes.filter(({ method, url, summary, domain }) =>
          `${method} ${url} ${summary} ${domain}`.toLowerCase().includes(wanted),
        )
        const most = Math.max(1, ...routes.map(({ totalMs }) => totalMs))
        return (
          <Card title={t('routes')} tools={<a href="/api/v2/docs">{t('docs')}</a>}>
            <Field label={t('filter')} value={filter} onChange={setFilter} />
            <div className="table-scroll">
              <table>
                <thead>
                  <tr>
                    {(['route', 'total', 'calls', 'errors', 'limited', 'rights'] as const).map((name) => (
                      <th key={name} scope="col">
                        {t(name)}
                      </th>
                    ))}
                    <th scope="col">p50</th>
                    <th scope="col">p99</th>
                  </tr>
                </thead>
                <tbody>
                  {shown.map((route) => (
                    <tr key={`${route.method} ${route.url}`}>
                      <th scope="row">
                        <code>
                          {route.method} {route.url}
                        </code>
                        <span className="muted row-note">{route.summary}</span>
                      </th>
                      <td>
                        <span className="bars-row">
                          <span className="bars-bar" style={{ width: `${(route.totalMs / most) * 100}%` }} />
                        </span>
                        {ms(route.totalMs)}
                      </td>
                      <td>{number(route.calls)}</td>
                      <td>{number(route.errors)}</td>
                      <td>{number(route.limited)}</td>
                      <td>{[...route.rights, ...(route.needs === undefined ? [] : [route.needs])].join(', ')}</td>
                      <td>{ms(route.p50)}</td>
                      <td>{ms(route.p99)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </Card>
        )
      }}
    </Answered>
  )
}
