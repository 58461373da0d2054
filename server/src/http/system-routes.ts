import { RoutesAnswer, type RouteInfo } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import type { RouteEntry } from './declare.ts'

const infoOf = ({ method, url, domain, rights, needs, rate, cost, schema, spent }: RouteEntry): RouteInfo => ({
  method,
  url,
  domain,
  summary: schema.summary,
  rights: [...rights],
  ...(needs === undefined ? {} : { needs }),
  rate,
  cost,
  ...spent.read(),
})

/** The routes, with what each has cost since the start. */
export async function systemRouteRoutes(app: FastifyInstance): Promise<void> {
  app.get(
    '/routes',
    {
      config: { rights: ['admin'], rate: 'system', cost: 'light' },
      schema: { summary: 'Routes, and what each has cost', response: { 200: RoutesAnswer } },
    },
    async (): Promise<RoutesAnswer> => {
      const shown = app.routeTable.filter(({ method }) => method !== 'HEAD').map(infoOf)
      return { routes: shown.toSorted((a, b) => b.totalMs - a.totalMs) }
    },
  )
}
