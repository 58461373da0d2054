import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { BatchTrace, LiveFrame, Log } from './log.ts'
import { startLog } from './start.ts'

const serverKey = randomBytes(32)
const INSTALL = '0192f0c1-7b1a-4c3e-9d55-0a1b2c3d4e5f'
let dataDir: string
let log: Log
let faults: unknown[]

const start = (): Promise<Log> =>
  startLog({
    dataDir,
    vault: { keys: join(dataDir, 'keys.db'), serverKey },
    onFault: (detail) => faults.push(detail),
    onExit: (error) => faults.push(error),
  })

beforeEach(async () => {
  faults = []
  dataDir = mkdtempSync(join(tmpdir(), 'lectern-log-'))
  log = await start()
})

afterEach(async () => {
  await log.close()
  rmSync(dataDir, { recursive: true, force: true })
  if (faults.length > 0) throw new Error(String(faults))
})

const eventOf = (seq: number): object => ({
  id: `0192f0c1-7b1a-7000-8000-${String(seq).padStart(12, '0')}`,
  install: INSTALL,
  seq,
  type: 'cell_executed',
  at: new Date().toISOString(),
  notebook: { id: 'nb', path: 'nb' },
  cell: { id: 'c', index: 0, type: 'code' },
  data: { status: seq % 2 ? 'ok' : 'error' },
})

async function submit(events: unknown, student = 's1'): Promise<{ results: any[]; ackedThrough: number }> {
  const bytes = Buffer.from(typeof events === 'string' ? events : JSON.stringify({ events }))
  const answer = await log.submit({ class: 'k1', student, install: INSTALL, level: 2, bytes })
  return JSON.parse(`{${Buffer.from(answer).toString('utf8')}}`)
}

const json = (bytes: Uint8Array): any => JSON.parse(Buffer.from(bytes).toString('utf8'))

it('ING-1 ING-2 answers each batch of a group for itself', async () => {
  const answers = await Promise.allSettled([
    submit([eventOf(1)]),
    submit('{'),
    submit([eventOf(1), eventOf(2)], 's2'),
    submit([null]),
  ])
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
  expect(answers[1]).toMatchObject({ reason: { code: 'bad_json' } })
  expect((answers[2] as PromiseFulfilledResult<any>).value).toEqual({
    results: [1, 2].map((seq) => ({ id: (eventOf(seq) as any).id, status: 'stored' })),
    ackedThrough: 2,
  })
  expect((answers[3] as PromiseFulfilledResult<any>).value.results).toEqual([
    { id: null, status: 'refused', code: 'invalid_event' },
  ])
})

it('ING-6 counts received = stored + duplicate + refused', async () => {
  await submit([eventOf(1), eventOf(1), { id: 3 }, eventOf(2)])
  await submit([eventOf(2), { ...eventOf(1), data: { status: 'error' } }])
  const { received, stored, duplicate, refused, conflicts } = log.counts()
  expect({ received, stored, duplicate, refused, conflicts }).toEqual({
    received: 6,
    stored: 2,
    duplicate: 3,
    refused: 1,
    conflicts: 1,
  })
})

it('ING-7 refuses what would wait beyond the bytes of the queue, and takes it later', async () => {
  const large = `{"events":[],"pad":"${'x'.repeat(1_000_000)}"}`
  const results = await Promise.allSettled(Array.from({ length: 40 }, () => submit(large)))
  const refused = results.filter(({ status }) => status === 'rejected')
  expect(refused.length).toBeGreaterThan(0)
  expect(refused.length).toBeLessThan(40)
  for (const one of refused) expect(one).toMatchObject({ reason: { code: 'overloaded', retryAfter: 1 } })
  expect(await submit([eventOf(1)])).toMatchObject({ results: [{ status: 'stored' }] })
})

it('LOG-2 STA-2 STA-4 has the same log, state and hash after a restart', async () => {
  await submit([1, 2, 3, 4].map(eventOf))
  const { at: _, ...before } = json(await log.state('k1'))
  const events = json(await log.events('k1', 0, 10))
  const first = await log.firstEventAt('k1')
  await log.close()
  log = await start()
  const { at: __, ...after } = json(await log.state('k1'))
  expect(after).toEqual(before)
  expect(json(await log.events('k1', 0, 10))).toEqual(events)
  expect(events.next).toBe(4)
  expect(await log.firstEventAt('k1')).toBe(first)
  expect(await log.firstEventAt('k2')).toBeUndefined()
})

it('STA-6 LOG-1 takes events of the server into the same log', async () => {
  const frames: LiveFrame[] = []
  log.onFrame((frame) => frames.push(frame))
  await submit([{ ...eventOf(1), type: 'help_requested', data: {} }])
  expect(await log.help('k1', 's1')).toMatchObject({ open: true })
  await log.append([{ class: 'k1', student: 's1', type: 'help_resolved', data: { by: 'u1' } }])
  expect(await log.help('k1', 's1')).toEqual({ student: 's1', open: false })
  await log.append([{ class: 'k1', student: 's1', type: 'help_resolved', data: {} }])
  expect(json(await log.events('k1', 1, 10)).events.map(({ seq, type }: any) => [seq, type])).toEqual([
    [1, 'help_resolved'],
    [2, 'help_resolved'],
  ])
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect(frames.at(-1)).toMatchObject({ class: 'k1', to: 3 })
  expect(frames.flatMap(({ help }) => help.map(({ open }) => open)).at(-1)).toBe(false)
})

it('ING-7 does not start over a file that is no log, and says which and what to do', async () => {
  await log.close()
  const kept = dataDir
  dataDir = mkdtempSync(join(tmpdir(), 'lectern-log-'))
  writeFileSync(join(dataDir, 'log.db'), 'not a database at all'.repeat(500))
  await expect(start()).rejects.toMatchObject({
    code: 'storage_unavailable',
    message: expect.stringContaining('log.db'),
  })
  rmSync(dataDir, { recursive: true, force: true })
  dataDir = kept
  log = await start()
})

it('CLS-5 answers what was submitted before the end, and nothing after', async () => {
  const before = submit([eventOf(1)])
  const closing = log.close()
  await expect(submit([eventOf(2)])).rejects.toMatchObject({ code: 'shutting_down' })
  expect(await before).toMatchObject({ results: [{ status: 'stored' }] })
  await closing
  log = await start()
  expect(json(await log.events('k1', 0, 10)).events).toHaveLength(1)
})

it('ING-6 tells of every commit, and has folded everything when it is at rest', async () => {
  const reports: { events: number; batches: number }[] = []
  const stop = log.onGroup(({ events, submissions, commitMs }) => {
    expect(commitMs).toBeGreaterThan(0)
    reports.push({ events, batches: submissions.length })
  })
  await Promise.allSettled([submit([eventOf(1), eventOf(2)]), submit([eventOf(2)]), submit('{')])
  await submit([eventOf(3)])
  expect(reports).toEqual([
    { events: 2, batches: 3 },
    { events: 1, batches: 1 },
  ])
  await log.health()
  expect(log.counts()).toMatchObject({ stored: 3, foldLag: 0 })
  stop()
  await submit([eventOf(4)])
  expect(reports).toHaveLength(2)
})

it('ING-1 follows a traced batch from the queue to the frame, and no other', async () => {
  // Nobody holds a state that the first event of a class could change.
  await submit([eventOf(9)])
  const steps: string[] = []
  const framed = Promise.withResolvers<{ from: number; to: number }>()
  const trace: BatchTrace = {
    sent: () => steps.push('sent'),
    stored: ({ events, batches }) => steps.push(`stored ${events} of ${batches}`),
    folded: () => steps.push('folded'),
    framed(frame) {
      steps.push('framed')
      framed.resolve(frame)
    },
  }
  const bytes = Buffer.from(JSON.stringify({ events: [eventOf(1)] }))
  const batch = { class: 'k1', student: 's1', install: INSTALL, level: 2, bytes } as const
  await Promise.all([log.submit({ ...batch, trace }), submit([eventOf(2)], 's2')])
  expect(await framed.promise).toMatchObject({ from: 1, to: 3 })
  expect(steps).toEqual(['sent', 'stored 2 of 2', 'folded', 'framed'])
  await submit([eventOf(3)])
  await expect(log.submit({ ...batch, bytes: Buffer.from('{'), trace })).rejects.toMatchObject({ code: 'bad_json' })
  expect(steps.slice(4, 6)).toEqual(['sent', 'stored 0 of 1'])
})
