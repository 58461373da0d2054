import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EndedRun } from './execution.ts'
import { createKernelRuns, type KernelMessage } from './kernel-runs.ts'

const PAGE = 1_000_000
/** The kernel's clock is an hour behind, and its messages take 5 ms. */
const BEHIND = 3_600_000
const LATE = 5

beforeEach(() => void vi.useFakeTimers({ now: PAGE }))
afterEach(() => void vi.useRealTimers())

function bed() {
  const ended: (EndedRun & { place: string })[] = []
  const runs = createKernelRuns<string>({ clock: Date.now, ended: (place, run) => ended.push({ ...run, place }) })
  let session = 'kernel-1'
  const say = (parent: string, type: string, content: object = {}) => {
    const date = new Date(Date.now() - BEHIND - LATE).toISOString()
    const message: KernelMessage = {
      header: { msg_id: `m${Math.random()}`, msg_type: type, date, session },
      parent_header: { msg_id: parent },
      content,
    }
    runs.heard(message)
  }
  const busy = (id: string) => say(id, 'status', { execution_state: 'busy' })
  const idle = (id: string) => say(id, 'status', { execution_state: 'idle' })
  const input = (id: string, count: number) => say(id, 'execute_input', { code: '', execution_count: count })
  const reply = (id: string, status = 'ok') => say(id, 'execute_reply', { status, execution_count: 1 })
  const begin = (id: string, code = id, delivered = true) => runs.begin({ id, code, delivered }, `cell ${id}`)
  const whole = (id: string, count = 1) => (busy(id), input(id, count), reply(id), idle(id))
  return { ended, runs, say, busy, idle, input, reply, begin, whole, restart: () => (session += '+') }
}

describe('runs of a kernel', () => {
  it('EVT-3 times a run by the kernel, on the clock of this page, with the code that was sent', () => {
    const { ended, begin, busy, input, say, reply, idle } = bed()
    begin('a', 'print(1)')
    busy('a')
    input('a', 7)
    say('a', 'stream', { name: 'stdout', text: 'é\n' })
    say('a', 'stream', { name: 'stderr', text: 'w' })
    vi.advanceTimersByTime(250)
    reply('a')
    expect(ended).toEqual([])
    idle('a')
    expect(ended).toMatchObject([
      { place: 'cell a', source: 'print(1)', status: 'ok', executionCount: 7, kernelMs: 250 },
    ])
    const { startedAt, endedAt, sizes } = ended[0]!
    expect([startedAt, endedAt]).toEqual([PAGE, PAGE + 250])
    expect(sizes).toEqual({ all: 4, stdout: 3, stderr: 1 })
  })

  it('EVT-3 gives late messages their own time, as after a connection that was gone', () => {
    const { ended, runs, begin, busy, input, whole } = bed()
    whole('before')
    begin('a')
    busy('a')
    input('a', 1)
    const date = new Date(Date.now() - BEHIND - LATE + 100).toISOString()
    vi.advanceTimersByTime(60_000)
    for (const type of ['execute_reply', 'status']) {
      const content = type === 'status' ? { execution_state: 'idle' } : { status: 'ok' }
      runs.heard({ header: { msg_id: type, msg_type: type, date }, parent_header: { msg_id: 'a' }, content })
    }
    expect(ended[0]!.kernelMs).toBe(100)
    expect(ended[0]!.startedAt! - PAGE).toBeLessThan(20)
    expect(ended[0]!.endedAt - PAGE).toBeLessThan(120)
  })

  it('EVT-11 tells an error, what was aborted behind it, and an interrupt', () => {
    const { ended, begin, busy, input, say, reply, idle } = bed()
    for (const id of ['bad', 'behind', 'stopped']) begin(id)
    busy('bad')
    input('bad', 1)
    say('bad', 'error', { ename: 'ValueError', evalue: 'no', traceback: ['\u001b[31mValueError\u001b[0m'] })
    say('bad', 'execute_reply', { status: 'error', ename: 'ValueError', evalue: 'no', traceback: [] })
    idle('bad')
    busy('behind')
    reply('behind', 'aborted')
    idle('behind')
    busy('stopped')
    input('stopped', 2)
    say('stopped', 'error', { ename: 'KeyboardInterrupt', evalue: '', traceback: [] })
    idle('stopped')
    vi.advanceTimersByTime(1_000)
    expect(ended.map(({ place, status, error }) => [place, status, error?.name])).toEqual([
      ['cell bad', 'error', 'ValueError'],
      ['cell behind', 'aborted', undefined],
      ['cell stopped', 'error', 'KeyboardInterrupt'],
    ])
    expect(ended[0]!.error?.traceback).toBe('ValueError')
    expect(ended[1]).toMatchObject({ startedAt: undefined, kernelMs: undefined })
  })

  it('EVT-11 ends what a kernel had when it is gone, and nothing that waits for the next', () => {
    const { ended, runs, begin, busy, input, whole } = bed()
    begin('running')
    busy('running')
    input('running', 1)
    begin('queued')
    const doomed = runs.all()
    begin('next', 'next', false)
    runs.gone(doomed)
    expect(ended.map(({ place, status }) => [place, status])).toEqual([
      ['cell running', 'aborted'],
      ['cell queued', 'aborted'],
    ])
    expect(ended[0]!.startedAt).toBe(PAGE)
    whole('next')
    expect(ended.at(-1)).toMatchObject({ place: 'cell next', status: 'ok' })
  })

  it('EVT-11 notices by the session of its messages that a kernel was restarted by somebody else', () => {
    const { ended, begin, busy, input, restart, whole } = bed()
    begin('old')
    busy('old')
    input('old', 1)
    restart()
    begin('new')
    whole('new')
    expect(ended.map(({ place, status }) => [place, status])).toEqual([
      ['cell old', 'aborted'],
      ['cell new', 'ok'],
    ])
  })

  it('EVT-11 says of a run whose end was missed that it is over, and no more, in its place', () => {
    const { ended, runs, begin, busy, input, whole } = bed()
    begin('missed')
    busy('missed')
    input('missed', 1)
    begin('later')
    whole('later', 2)
    begin('lost')
    begin('unsent', 'unsent', false)
    runs.over(runs.pending())
    expect(ended.map(({ place, status }) => [place, status])).toEqual([
      ['cell missed', undefined],
      ['cell later', 'ok'],
      ['cell lost', undefined],
    ])
    expect(runs.all()).toEqual(['unsent'])
  })

  it('keeps the order of the kernel when replies are late, and waits for outputs that are', () => {
    const { ended, begin, busy, input, idle, reply, say } = bed()
    begin('a')
    begin('b')
    busy('a')
    input('a', 1)
    idle('a')
    busy('b')
    input('b', 2)
    expect(ended.map(({ place, status }) => [place, status])).toEqual([['cell a', 'ok']])
    reply('b')
    vi.advanceTimersByTime(4_000)
    say('b', 'stream', { name: 'stdout', text: 'much' })
    vi.advanceTimersByTime(4_000)
    expect(ended).toHaveLength(1)
    idle('b')
    expect(ended[1]).toMatchObject({ place: 'cell b', status: 'ok', sizes: { stdout: 4 } })
  })

  it('forgets cleared outputs, keeps what stays, and counts more than it keeps', () => {
    const { ended, begin, busy, say, reply, idle } = bed()
    begin('a')
    busy('a')
    say('a', 'stream', { name: 'stdout', text: 'x'.repeat(400_000) })
    say('a', 'clear_output', { wait: true })
    say('a', 'stream', { name: 'stdout', text: 'one ' })
    say('a', 'stream', { name: 'stdout', text: 'two' })
    say('a', 'display_data', { data: { 'text/plain': 'four' } })
    say('a', 'comm_msg', { data: {} })
    reply('a')
    idle('a')
    expect(ended[0]!.outputs).toMatchObject([
      { output_type: 'stream', text: 'one two' },
      { output_type: 'display_data', data: { 'text/plain': 'four' } },
    ])
    expect(ended[0]!.sizes).toEqual({ all: 11, stdout: 7, stderr: 0 })
  })
})
