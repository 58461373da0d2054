import { describe, expect, it } from 'vitest'
import { pauseMs, retryAfterMs } from './backoff.ts'
import { countEdit } from './edits.ts'
import { executionData } from './execution.ts'
import { fitExecution } from './fit.ts'
import { uuid7 } from './ids.ts'
import { errorOf, outputSizes } from './outputs.ts'
import { createPresence } from './presence.ts'
import { detailsOf } from './settings.ts'
import { cutText, stripAnsi, utf8Bytes } from './text.ts'
import { gapsText } from '../texts/gaps-text.ts'
import { problemText } from '../texts/problem-text.ts'
import { textsFor } from '../texts/texts.ts'

const ERROR = {
  output_type: 'error',
  ename: 'NameError',
  evalue: "name 'x' is not defined",
  traceback: ['\u001b[31m-----\u001b[39m', '\u001b[1;32mNameError\u001b[0m: x'],
}
const NO_SIZES = { all: 0, stdout: 0, stderr: 0 }
const RUN = { source: 'x', executionCount: 3, startedAt: 1_000, endedAt: 1_250, sizes: NO_SIZES, outputs: [] }

describe('executions', () => {
  it('EVT-3 says an error as name, message and traceback without control sequences', () => {
    const data = executionData({ ...RUN, outputs: [ERROR], status: 'error', error: errorOf([ERROR]) })
    expect(data).toMatchObject({ status: 'error', errorName: 'NameError', durationMs: 250, executionCount: 3 })
    expect(data.traceback).toBe('-----\nNameError: x')
  })

  it('EVT-11 says neither how a run ended that was not seen to end, nor when one began that never did', () => {
    expect(executionData({ ...RUN, status: undefined })).not.toHaveProperty('status')
    const aborted = executionData({ ...RUN, status: 'aborted', startedAt: undefined })
    expect(aborted).toMatchObject({ status: 'aborted', endedAt: '1970-01-01T00:00:01.250Z' })
    for (const member of ['startedAt', 'durationMs']) expect(aborted).not.toHaveProperty(member)
  })

  it('copies text, names pictures and measures both', () => {
    const outputs = [
      { output_type: 'stream', name: 'stderr', text: ['a\n', 'é'] },
      { output_type: 'display_data', data: { 'image/png': 'AAAA' } },
      { output_type: 'execute_result', data: { 'text/plain': '4', 'text/html': '<b>4</b>' } },
    ]
    const data = executionData({ ...RUN, outputs, sizes: outputSizes(outputs), status: 'ok' })
    expect(data.outputs).toEqual([
      { kind: 'stderr', text: 'a\né' },
      { kind: 'display', mime: 'image/png', text: '' },
      { kind: 'result', mime: 'text/plain', text: '4' },
    ])
    expect(data).toMatchObject({ outputBytes: 4 + 4 + 1 + 8, stdoutBytes: 0, stderrBytes: 4 })
  })

  it('LIM-3 fits one event, cutting outputs before source', () => {
    const text = '\u0000'.repeat(900_000)
    const fitted = fitExecution({ source: text, traceback: `${text}end`, outputs: [{ kind: 'stdout', text }] })
    expect(utf8Bytes(JSON.stringify(fitted))).toBeLessThan(256 * 1024)
    expect(fitted.source!.length).toBeGreaterThan(fitted.outputs![0]!.text.length)
    expect(fitted.outputs![0]!.cut).toBe(true)
    expect(fitted.traceback!.endsWith('end')).toBe(true)
    expect(fitExecution({ source: 'print(1)' })).toEqual({ source: 'print(1)' })
  })
})

describe('text', () => {
  it('strips colours, cursor moves, links and titles, and nothing else', () => {
    expect(stripAnsi('\u001b[0;31mred\u001b[0m \u001b]8;;http://a\u0007link\u001b]8;;\u0007 [31m 1;2')).toBe(
      'red link [31m 1;2',
    )
  })

  it('never cuts a character in two', () => {
    expect(cutText('ab😀', 3)).toBe('ab')
    expect(cutText('ab😀', 4)).toBe('ab😀')
  })

  it('EVT-1 makes UUIDv7 ids that sort by time', () => {
    const zero = (bytes: Uint8Array<ArrayBuffer>) => bytes.fill(0xff)
    const id = uuid7(Date.parse('2026-04-10T01:00:00Z'), zero)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(Date.parse('2026-04-10T01:00:00Z'))
    expect(uuid7(2 ** 40, zero) > id).toBe(false)
  })
})

describe('waiting', () => {
  it('ING-7 spreads tries over the doubled base, and never undercuts Retry-After', () => {
    const bounds = { baseMs: 500, capMs: 30_000 }
    expect(pauseMs({ attempt: 1, ...bounds, random: () => 0 })).toBe(0)
    expect(pauseMs({ attempt: 3, ...bounds, random: () => 0.5 })).toBe(1_000)
    expect(pauseMs({ attempt: 99, ...bounds, random: () => 0.999 })).toBeLessThanOrEqual(30_000)
    expect(pauseMs({ attempt: 1, ...bounds, random: () => 0, retryAfterMs: 7_000 })).toBe(7_000)
  })

  it('ING-7 reads Retry-After in seconds or as a date, and ignores nonsense', () => {
    expect(retryAfterMs('3', 0)).toBe(3_000)
    expect(retryAfterMs('Thu, 01 Jan 1970 00:00:09 GMT', 4_000)).toBe(5_000)
    expect([retryAfterMs(null, 0), retryAfterMs('soon', 0), retryAfterMs('-1', 0)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})

describe('presence and edits', () => {
  it('is told at most once a minute, and not at all while somebody is away', () => {
    const presence = createPresence(0, true)
    presence.touched(59_000)
    expect(presence.due(59_999, true)).toBeUndefined()
    expect(presence.due(60_000, true)).toEqual({ focus: true, idleMs: 1_000 })
    expect(presence.due(600_000, true)).toBeUndefined()
    expect(presence.due(600_000, false)).toEqual({ focus: false, idleMs: 541_000 })
  })

  it('counts typed, pasted and deleted characters', () => {
    const counts = { typed: 0, pasted: 0, deleted: 0 }
    countEdit(counts, [{ retain: 3 }, { insert: 'ab' }, { delete: 4 }], false)
    countEdit(counts, [{ insert: 'hello' }], true)
    expect(counts).toEqual({ typed: 2, pasted: 5, deleted: 4 })
  })
})

describe('settings', () => {
  const SETTINGS = { enabled: true, server: '127.0.0.1:8000/', code: ' ABC ', name: 'Aiko', email: '', team: '' }

  it('takes what is complete, names what is missing, and nothing when switched off', () => {
    expect(detailsOf(SETTINGS).details).toEqual({ server: 'http://127.0.0.1:8000', code: 'ABC', name: 'Aiko' })
    expect(detailsOf({ ...SETTINGS, server: 'class.example.org/lectern/' }).details?.server).toBe(
      'https://class.example.org/lectern',
    )
    expect(detailsOf({ ...SETTINGS, server: 'file:///x', code: '', name: ' ', email: 'x' })).toEqual({
      gaps: ['server', 'code', 'name', 'email'],
    })
    expect(detailsOf({ ...SETTINGS, enabled: false })).toEqual({ gaps: [] })
  })

  it('speaks the language of the shell, English otherwise', () => {
    expect(textsFor('ja_JP').help.ask).toBe('質問する')
    expect(textsFor('javanese').help.ask).toBe('Ask for help')
    expect(gapsText(textsFor('ja'), ['code', 'name'])).toContain('参加コード、名前')
    expect(problemText(textsFor('en'), 'constructor')).toContain('constructor')
  })
})
