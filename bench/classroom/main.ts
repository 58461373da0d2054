// npm run bench -- classroom [--seconds 20] [--students 200,350]: a class at a realistic pace with ten dashboards: answer
// times, processor and memory of the server. The class is the simulator, in a process of its own.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { finish, printTable } from '../lib/report.ts'
import { startMeasuredServer, type MeasuredServer } from '../lib/server.ts'
import { rounded } from '../lib/stats.ts'
import { openWatcher } from '../lib/watchers.ts'

const SIMULATE = fileURLToPath(new URL('../../simulator/src/main.ts', import.meta.url))
const DASHBOARDS = 10
const SECONDS_PER_MINUTE = 60

interface Simulated {
  sent: number
  lost: number | null
  ack_ms: { p50: number; p95: number; p99: number }
}

async function simulate(server: MeasuredServer, students: number, seconds: number): Promise<Simulated> {
  const minutes = String(seconds / SECONDS_PER_MINUTE)
  const args = ['--students', String(students), '--minutes', minutes, '--seed', '1', '--url', server.url]
  const env = { ...process.env, LECTERN_ADMIN_TOKEN: server.staffToken }
  const child = spawn(process.execPath, [SIMULATE, ...args, '--code', server.code], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let out = ''
  child.stdout.on('data', (part: Buffer) => (out += part.toString('utf8')))
  await once(child, 'close')
  return JSON.parse(out.trim().split('\n').at(-1) ?? '') as Simulated
}

async function measure(students: number, seconds: number) {
  await using server = await startMeasuredServer()
  let frames = 0
  const watchers = await Promise.all(
    Array.from({ length: DASHBOARDS }, () =>
      openWatcher(server, () => {
        frames += 1
      }),
    ),
  )
  const cpu = server.cpuSeconds()
  const began = performance.now()
  const { sent, lost, ack_ms: ack } = await simulate(server, students, seconds)
  const elapsed = (performance.now() - began) / 1000
  const row = {
    students,
    dashboards: DASHBOARDS,
    seconds,
    events: sent,
    lost,
    ...ack,
    frames,
    cores: rounded((server.cpuSeconds() - cpu) / elapsed, 3),
    residentMiB: server.residentMiB(),
  }
  for (const watcher of watchers) watcher.close()
  return row
}

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '20' }, students: { type: 'string', default: '200,350' } },
})
const rows = []
for (const students of values.students.split(',').map(Number))
  rows.push(await measure(students, Number(values.seconds)))
printTable(
  ['students', 'dashboards', 'events', 'lost', 'p50 ms', 'p95 ms', 'p99 ms', 'cores', 'resident MiB'],
  rows.map(({ students, dashboards, events, lost, p50, p95, p99, cores, residentMiB }) => [
    students,
    dashboards,
    events,
    lost ?? '-',
    p50,
    p95,
    p99,
    cores,
    residentMiB,
  ]),
)
finish('classroom', { rows, goal: { p99: 10, cores: 0.1, residentMiB: 200 } })
