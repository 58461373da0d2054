// npm run bench -- route: time to find a route in the server's own table, against a linear search of the same table, and
// in a table ten times as long.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import createRouter, { type HTTPMethod } from 'find-my-way'
import { startApp } from '../../server/src/app.ts'
import { loadConfig } from '../../server/src/config.ts'
import { createLogger } from '../../server/src/monitor/logger.ts'
import { finish, printTable } from '../lib/report.ts'

interface Route {
  method: string
  url: string
}

/** Finds the route of a request; gives its pattern. */
type Find = (method: string, path: string) => string | undefined

const ROUNDS = 200
const LOOKUPS = 100
const TIMES_LONGER = 10
const NS_PER_US = 1000
const GOAL_US = 0.3

/** The table of the real server. */
async function routesOfServer(): Promise<Route[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lectern-bench-'))
  const { config } = loadConfig({ env: { LECTERN_PORT: '0', LECTERN_LOG_LEVEL: 'silent' }, cwd: dataDir })
  const app = await startApp({ config, logger: createLogger('silent') })
  await app.stop()
  rmSync(dataDir, { recursive: true, force: true })
  return app.routes.map(({ method, url }) => ({ method, url }))
}

/** The radix tree, with the options and the call of Fastify. */
function treeOver(routes: readonly Route[]): Find {
  const router = createRouter({ maxParamLength: 200 })
  let found: string | undefined
  for (const { method, url } of routes) {
    router.on(method as HTTPMethod, url, () => {
      found = url
    })
  }
  const answer = {} as Parameters<typeof router.lookup>[1]
  return (method, url) => {
    found = undefined
    router.lookup({ method, url, headers: {} } as Parameters<typeof router.lookup>[0], answer)
    return found
  }
}

/** One pattern after the other, more exact ones first, as a router without a tree does it. */
function listOver(routes: readonly Route[]): Find {
  const wide = ({ url }: Route) => (url.includes('*') ? -url.length : -Infinity)
  const inOrder = routes.toSorted((a, b) => (wide(a) === wide(b) ? 0 : wide(a) - wide(b)))
  const table = inOrder.map(({ method, url }) => {
    const parts = url
      .split('/')
      .map((part) => part.replaceAll('.', '\\.').replace(/^:.*/, '([^/]+)').replace('*', '(.*)'))
    return { method, url, pattern: new RegExp(`^${parts.join('/')}$`) }
  })
  return (method, path) => table.find((route) => route.method === method && route.pattern.exec(path))?.url
}

/** A request that the route answers. */
const pathOf = (url: string) =>
  url
    .replace(/:wheel/, 'lectern-0.1.0-py3-none-any.whl')
    .replaceAll(/:\w+/g, 'c_2yfntah9p1q7h5ky')
    .replace('*', 'assets/index-4f1b2c3d.js')

/** Microseconds a lookup: every route of the table, many times; percentiles over routes and rounds. */
function measure(find: Find, routes: readonly Route[], rounds: number) {
  const samples: number[] = []
  const requests = routes.map(({ method, url }) => ({ method, url, path: pathOf(url) }))
  for (const { method, url, path } of requests) {
    if (find(method, path) !== url) throw new Error(`${method} ${path} leads to ${find(method, path)}, not to ${url}.`)
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const { method, path } of requests) {
      const began = process.hrtime.bigint()
      for (let lookup = 0; lookup < LOOKUPS; lookup += 1) find(method, path)
      samples.push(Number(process.hrtime.bigint() - began) / LOOKUPS / NS_PER_US)
    }
  }
  // The first tenth warms the compiler up.
  const warm = samples.slice(samples.length / 10).toSorted((a, b) => a - b)
  const at = (part: number) => Number((warm[Math.floor(warm.length * part)] ?? 0).toFixed(3))
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

const routes = await routesOfServer()
const longer = Array.from({ length: TIMES_LONGER }, (_, copy) =>
  routes.map(({ method, url }) => ({
    method,
    url: copy === 0 ? url : url.replace(/^\/(api\/v2\/)?/, `/$1part-${copy}/`),
  })),
).flat()

const fewer = Math.ceil(ROUNDS / TIMES_LONGER)
const tree = measure(treeOver(routes), routes, ROUNDS)
const linear = measure(listOver(routes), routes, ROUNDS)
const treeLonger = measure(treeOver(longer), longer, fewer)
const linearLonger = measure(listOver(longer), longer, fewer)

const row = (name: string, count: number, { p50, p95, p99 }: typeof tree) => [name, count, p50, p95, p99]
printTable(
  ['microseconds a lookup', 'routes', 'p50', 'p95', 'p99'],
  [
    row('radix tree', routes.length, tree),
    row('linear search', routes.length, linear),
    row('radix tree', longer.length, treeLonger),
    row('linear search', longer.length, linearLonger),
  ],
)
console.log(`Goal: p95 under ${GOAL_US} us, and no slower with ten times the routes.`)
finish('route', {
  unit: 'us',
  routes: routes.length,
  tree,
  linear,
  longer: { routes: longer.length, tree: treeLonger, linear: linearLonger },
  tenTimesOverOnce: Number((treeLonger.p95 / tree.p95).toFixed(2)),
  goal: { p95: GOAL_US, met: tree.p95 < GOAL_US && treeLonger.p95 < GOAL_US },
})
