// npm run bench -- memory [--sockets 2000]: what one connection costs the server, idle and after it has sent, and what
// the server takes in all with 350 students and 10 dashboards.
import { parseArgs } from 'node:util'
import type { WebSocket } from 'ws'
import { createBatch } from '../ingest/batches.ts'
import { finish, printTable } from '../lib/report.ts'
import { installOf, startMeasuredServer, type MeasuredServer } from '../lib/server.ts'
import { openSocket, openWatcher } from '../lib/watchers.ts'

const OPEN_AT_ONCE = 50
const SETTLE_MS = 3_000
const CLASS_STUDENTS = 350
const CLASS_DASHBOARDS = 10
const CLASS_SECONDS = 20
const KIB = 1024

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, SETTLE_MS))

async function openMany(server: MeasuredServer, count: number): Promise<WebSocket[]> {
  const students = await server.join(count)
  const sockets: WebSocket[] = []
  for (let from = 0; from < count; from += OPEN_AT_ONCE) {
    const some = students.slice(from, from + OPEN_AT_ONCE)
    sockets.push(...(await Promise.all(some.map(({ token }) => openSocket(server, token)))))
  }
  return sockets
}

function sendOne(socket: WebSocket, number: number): Promise<void> {
  const install = installOf(number)
  const batch = createBatch({ install, count: 1, number, head: '{"kind":"events",' })
  batch.renew()
  return new Promise((resolve) => {
    socket.on('message', function hear(data: Buffer) {
      if (!data.toString('latin1').startsWith('{"kind":"ack"')) return
      socket.off('message', hear)
      resolve()
    })
    socket.send(batch.bytes, { binary: false })
  })
}

/** Resident KiB a socket, idle and after one batch each. The students and their tokens are made before, and are not counted. */
async function perSocket(count: number): Promise<{ idleKiB: number; activeKiB: number; idleCores: number }> {
  await using server = await startMeasuredServer()
  const warm = await openMany(server, 50)
  for (const socket of warm) socket.terminate()
  const students = await server.join(count)
  await settle()
  const before = server.residentMiB()
  const sockets: WebSocket[] = []
  for (let from = 0; from < count; from += OPEN_AT_ONCE) {
    sockets.push(
      ...(await Promise.all(students.slice(from, from + OPEN_AT_ONCE).map(({ token }) => openSocket(server, token)))),
    )
  }
  await settle()
  const idle = server.residentMiB()
  const cpu = server.cpuSeconds()
  await settle()
  const idleCores = (server.cpuSeconds() - cpu) / (SETTLE_MS / 1000)
  for (let from = 0; from < count; from += OPEN_AT_ONCE) {
    await Promise.all(sockets.slice(from, from + OPEN_AT_ONCE).map((socket, index) => sendOne(socket, from + index)))
  }
  await settle()
  const active = server.residentMiB()
  for (const socket of sockets) socket.terminate()
  const kib = (mib: number): number => Number((((mib - before) * KIB) / count).toFixed(1))
  return { idleKiB: kib(idle), activeKiB: kib(active), idleCores: Number(idleCores.toFixed(3)) }
}

/** Resident MiB of the whole server: empty, and with a class at work. */
async function wholeClass(): Promise<{ emptyMiB: number; classMiB: number; cores: number }> {
  await using server = await startMeasuredServer()
  await settle()
  const emptyMiB = server.residentMiB()
  const sockets = await openMany(server, CLASS_STUDENTS)
  const watchers = await Promise.all(Array.from({ length: CLASS_DASHBOARDS }, () => openWatcher(server, () => {})))
  const cpu = server.cpuSeconds()
  // A student at work makes an event every ten seconds or so.
  for (let second = 0; second < CLASS_SECONDS; second += 1) {
    const now = sockets.filter((_, index) => index % 10 === second % 10)
    await Promise.all(now.map((socket, index) => sendOne(socket, second * CLASS_STUDENTS + index)))
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
  const cores = Number(((server.cpuSeconds() - cpu) / CLASS_SECONDS).toFixed(3))
  const classMiB = server.residentMiB()
  for (const socket of sockets) socket.terminate()
  for (const watcher of watchers) watcher.close()
  return { emptyMiB, classMiB, cores }
}

const { values } = parseArgs({ options: { sockets: { type: 'string', default: '2000' } } })
const count = Number(values.sockets)
const each = await perSocket(count)
const whole = await wholeClass()
printTable(
  ['', 'measured', 'goal'],
  [
    ['KiB a connection, idle', each.idleKiB, 12],
    ['KiB a connection, after a batch', each.activeKiB, '-'],
    [`cores, ${count} idle connections`, each.idleCores, '-'],
    ['MiB resident, empty', whole.emptyMiB, '-'],
    [`MiB resident, ${CLASS_STUDENTS} students, ${CLASS_DASHBOARDS} dashboards`, whole.classMiB, 200],
    [`cores, ${CLASS_STUDENTS} students, ${CLASS_DASHBOARDS} dashboards`, whole.cores, 0.1],
  ],
)
finish('memory', { sockets: count, ...each, ...whole, goal: { idleKiB: 12, classMiB: 200 } })
