// @vitest-environment happy-dom
import type { ClassInfo, ClassRole, JoinCode } from '@lectern/protocol'
import { cleanup, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import axe from 'axe-core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { startAnswerServer } from '../test/answer-server.ts'
import { renderPart } from '../test/page.tsx'
import { PeoplePage } from './people-page.tsx'

const AT = 1_775_782_808_000
const DAY_MS = 86_400_000
const ADA = { id: 'u1', name: 'Ada', email: 'ada@x.org', role: 'instructor' }
const BO = { id: 'u2', name: 'Bo', email: 'bo@x.org', role: 'assistant' }
const OPEN: JoinCode = { code: 'KMPR-4T7W', createdAt: AT, uses: 12 }
const OVER: JoinCode = { code: 'BBBB-CCCC', createdAt: AT, uses: 3, expiresAt: AT + DAY_MS }
const FULL: JoinCode = { code: 'DDDD-FFFF', createdAt: AT, uses: 2, maxUses: 2 }
const OWN: JoinCode = { code: 'GGGG-HHHH', createdAt: AT, uses: 0, student: 's2' }
const STUDENTS = [
  { id: 's1', name: 'Aiko', email: 'aiko@x.org', joinedAt: AT },
  { id: 's2', name: 'Ken' },
]

const infoFor = (role: ClassRole): ClassInfo => ({
  id: 'k1',
  name: 'K',
  level: 2,
  role,
  createdAt: AT,
  retentionDays: 180,
  showBand: false,
  students: 1,
})

function startServer(role: ClassRole) {
  return startAnswerServer({
    'GET /classes/k1/staff': { staff: [ADA, BO] },
    'GET /classes/k1/codes': { codes: role === 'assistant' ? [OPEN] : [OPEN, OVER, FULL, OWN] },
    'GET /classes/k1/students': { students: STUDENTS },
    'PUT /classes/k1/staff/u2': BO,
    'DELETE /classes/k1/staff/u2': {},
    'POST /classes/k1/codes': OPEN,
    'POST /classes/k1/students': {
      students: [
        { id: 's3', name: 'Mio', known: false },
        { id: 's1', name: 'Aiko', known: true },
      ],
    },
  })
}

afterEach(cleanup)

async function show(server: { url: string }, role: ClassRole = 'instructor') {
  window.happyDOM.setURL(server.url)
  renderPart(<PeoplePage info={infoFor(role)} />)
  await screen.findByRole('rowheader', { name: 'Ken' })
  return userEvent.setup()
}

describe('people and codes of a class', () => {
  it('gives an accessibility checker nothing to find', async () => {
    await using server = await startServer('instructor')
    await show(server)
    const rules = { 'color-contrast': { enabled: false }, region: { enabled: false } }
    const { violations } = await axe.run(document.body, { rules })
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
  })

  it('shows an assistant no control that the role may not use', async () => {
    await using server = await startServer('assistant')
    await show(server, 'assistant')
    expect(screen.queryByRole('heading', { name: 'Staff' })).toBeNull()
    for (const name of ['Withdraw code KMPR-4T7W', 'Make the code', 'Make a code for Ken', 'Add', 'Print the codes']) {
      expect(screen.queryByRole('button', { name }), name).toBeNull()
    }
    expect(server.asked.map(({ what }) => what)).not.toContain('GET /classes/k1/staff')
  })

  it('shows the same controls to an instructor', async () => {
    await using server = await startServer('instructor')
    await show(server)
    for (const name of ['Withdraw code KMPR-4T7W', 'Make the code', 'Make a code for Aiko', 'Print the codes']) {
      expect(screen.getByRole('button', { name }), name).toBeTruthy()
    }
    expect(screen.getByText('Used up')).toBeTruthy()
    expect(screen.getByText(/^Ended /)).toBeTruthy()
  })

  it('takes the roster along as it is shown, for who may take something out', async () => {
    await using server = await startServer('instructor')
    const user = await show(server)
    const saved: [string, Blob][] = []
    URL.createObjectURL = (file: Blob) => `blob:${saved.push(['', file])}`
    const named = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      const [last] = saved.slice(-1)
      if (last) last[0] = this.download
    })
    await user.click(screen.getByRole('button', { name: 'Take out' }))
    await user.click(screen.getByRole('button', { name: /^Table/ }))
    named.mockRestore()
    const [[name, file] = []] = saved
    expect(name).toBe('K Students.csv')
    const lines = (await file?.text())?.split('\r\n')
    expect(lines?.slice(1)).toEqual([
      expect.stringMatching(/^"Aiko","aiko@x.org",,"2026-04-\d\d \d\d:\d\d",$/),
      '"Ken",,,,"GGGG-HHHH"',
      '',
    ])
    cleanup()
    await using other = await startServer('assistant')
    await show(other, 'assistant')
    expect(screen.queryByRole('button', { name: 'Take out' })).toBeNull()
  })

  it('takes a role away, and gives it back', async () => {
    await using server = await startServer('instructor')
    const user = await show(server)
    await user.click(await screen.findByRole('button', { name: 'Remove Bo from the class' }))
    await user.click(await screen.findByRole('button', { name: 'Undo: Bo gets the role back' }))
    await waitFor(() => expect(screen.queryByText(/has no role/)).toBeNull())
    expect(server.asked.filter(({ what }) => !what.startsWith('GET'))).toEqual([
      { what: 'DELETE /classes/k1/staff/u2', body: undefined },
      { what: 'PUT /classes/k1/staff/u2', body: { role: 'assistant' } },
    ])
  })

  it('says that an address is not known here', async () => {
    await using server = await startServer('instructor')
    const user = await show(server)
    const form = within(screen.getByRole('region', { name: 'Staff' }))
    await user.type(form.getByLabelText('E-mail address'), 'nobody@x.org')
    await user.selectOptions(form.getByLabelText('Role'), 'observer')
    await user.click(form.getByRole('button', { name: 'Add' }))
    expect((await screen.findByRole('alert')).textContent).toMatch(/^Nobody here has this address/)
    expect(server.asked.at(-1)).toEqual({ what: 'PUT /classes/k1/staff/nobody%40x.org', body: { role: 'observer' } })
  })

  it('keeps a code whose withdrawal is undone', async () => {
    await using server = await startServer('instructor')
    const user = await show(server)
    await user.click(screen.getByRole('button', { name: 'Withdraw code KMPR-4T7W' }))
    await user.click(screen.getByRole('button', { name: 'Undo: code KMPR-4T7W stays' }))
    expect(screen.getByRole('button', { name: 'Withdraw code KMPR-4T7W' })).toBeTruthy()
    cleanup()
    expect(server.asked.filter(({ what }) => what.startsWith('DELETE'))).toEqual([])
  })

  it('makes codes that end and are limited, and adds students with codes', async () => {
    await using server = await startServer('instructor')
    const user = await show(server)
    await user.selectOptions(screen.getByLabelText('It ends'), 'week')
    await user.type(screen.getByLabelText('For at most so many students'), '3 0x')
    await user.click(screen.getByRole('button', { name: 'Make the code' }))
    await waitFor(() =>
      expect(server.asked).toContainEqual({
        what: 'POST /classes/k1/codes',
        body: { expiresInMs: 7 * DAY_MS, maxUses: 30 },
      }),
    )
    await user.type(screen.getByLabelText('One student a line'), 'Mio, no address\nAiko')
    expect(screen.getByText(/^Line 1 has no name/)).toBeTruthy()
    await user.clear(screen.getByLabelText('One student a line'))
    await user.type(screen.getByLabelText('One student a line'), 'Mio, mio@x.org\nAiko')
    await user.click(screen.getByRole('button', { name: 'Add 2 students' }))
    expect(await screen.findByText('1 student was added; 1 were there already.')).toBeTruthy()
    expect(server.asked).toContainEqual({
      what: 'POST /classes/k1/students',
      body: { students: [{ name: 'Mio', email: 'mio@x.org' }, { name: 'Aiko' }], codes: true },
    })
  })
})
