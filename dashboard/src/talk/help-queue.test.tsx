// @vitest-environment happy-dom
import { cleanup, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { emptyState, type ClassState, type StaffUser, type StudentState } from '@lectern/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startAnswerServer } from '../test/answer-server.ts'
import { renderSeen } from '../test/page.tsx'
import { preferAlerts } from './alert-preferences.ts'
import { AlertSwitches } from './alert-switches.tsx'
import { HelpQueue } from './help-queue.tsx'
import { needOf, queueOf } from './queue.ts'

const MINUTE = 60_000
const NOW = 1_775_782_800_000
const ME: StaffUser = { id: 'u1', name: 'Rin', email: 'rin@x.org', role: 'member', passwordSet: true }
const NOTEBOOK = { id: 'basics', path: 'basics.ipynb' }
const CELL = { id: 'c7', index: 6, type: 'code' as const }

const student = (tries = 0): StudentState => ({
  firstAt: NOW,
  lastAt: NOW,
  online: true,
  executions: tries,
  failures: tries,
  attention: [],
  ...(tries > 0
    ? {
        streak: {
          cell: 'basics#c7',
          group: 'e1',
          index: 6,
          name: 'NameError',
          count: tries,
          since: NOW - 6 * MINUTE,
        },
      }
    : {}),
})
const STATE: ClassState = {
  ...emptyState(),
  students: { s1: student(), s2: student(4), s3: student() },
  errors: {
    e1: {
      name: 'NameError',
      message: "name 'x' is not defined",
      notebook: NOTEBOOK,
      cell: CELL,
      since: NOW,
      lastAt: NOW,
      total: 9,
      students: Object.fromEntries(['s2', 's4', 's5'].map((id) => [id, { count: 1, since: NOW }])),
    },
  },
  help: {
    s1: { event: 'r1', since: NOW - 5 * MINUTE, message: 'why?' },
    s2: { event: 'r2', since: NOW - 2 * MINUTE, notebook: NOTEBOOK, cell: CELL, group: 'e1' },
    s3: { event: 'r3', since: NOW - 9 * MINUTE, claimed: { by: 'u2', since: NOW - MINUTE } },
  },
}
const NAMES = new Map([
  ['s1', 'Aiko'],
  ['s2', 'Ben'],
  ['s3', 'Cid'],
])
const FIGURES = {
  from: 0,
  resolved: 4,
  withdrawn: 1,
  waitMedianMs: 3 * MINUTE,
  by: [{ user: 'u2', claimed: 3, resolved: 4, helpingMs: 12 * MINUTE }],
}

async function show(state = STATE) {
  const server = await startAnswerServer({
    'GET /classes/k1/helpers': {
      helpers: [
        { id: 'u1', name: 'Rin' },
        { id: 'u2', name: 'Ray' },
        { id: 'u3', name: 'Ada' },
      ],
    },
    'GET /classes/k1/help': FIGURES,
    'GET /classes/k1/seats': { version: 1, places: [{ kind: 'student', id: 's1', x: 10, y: 10 }] },
    'POST /classes/k1/help/s1/claim': {},
    'POST /classes/k1/help/s3/claim': {},
  })
  window.happyDOM.setURL(`${server.url}#/class/k1/help`)
  renderSeen(<HelpQueue classId="k1" user={ME} />, { classId: 'k1', state, names: NAMES, now: NOW })
  await screen.findByText('Ray goes')
  return server
}

const entryOf = (name: string) => within(screen.getByRole('listitem', { name }))
const namesShown = () => screen.getAllByRole('heading', { level: 3 }).map((heading) => heading.textContent)

beforeEach(() => localStorage.clear())
afterEach(cleanup)

describe('the queue of help', () => {
  it('says who waits, where, on what, and with how many others', async () => {
    await using _server = await show()
    expect(namesShown()).toEqual(['Aiko', 'Ben', 'Cid'])
    expect(entryOf('Aiko').getByText('why?')).toBeTruthy()
    expect(await entryOf('Aiko').findByText('A1')).toBeTruthy()
    expect(entryOf('Ben').getByText('2 others have this error')).toBeTruthy()
    expect(entryOf('Ben').getByText('basics · Cell 7')).toBeTruthy()
    expect(entryOf('Ben').getByText('failed 4 times in a row, 6 min')).toBeTruthy()
  })

  it('TLK-6 lets one go, take over, and send a colleague', async () => {
    await using server = await show()
    const user = userEvent.setup()
    const last = () => server.asked.findLast(({ what }) => what.includes('claim'))
    await user.click(entryOf('Aiko').getByRole('button', { name: 'I go to Aiko' }))
    await waitFor(() => expect(last()).toEqual({ what: 'POST /classes/k1/help/s1/claim', body: {} }))
    await user.click(entryOf('Cid').getByRole('button', { name: 'Take over' }))
    await waitFor(() => expect(last()).toEqual({ what: 'POST /classes/k1/help/s3/claim', body: { user: 'u1' } }))
    await user.selectOptions(entryOf('Cid').getByRole('combobox'), 'Ada')
    await waitFor(() => expect(last()).toEqual({ what: 'POST /classes/k1/help/s3/claim', body: { user: 'u3' } }))
    expect(entryOf('Cid').queryByRole('option', { name: 'Ray' })).toBeNull()
  })

  it('is ordered by need when that is asked for, and the address keeps it', async () => {
    await using _server = await show()
    const user = userEvent.setup()
    await user.click(screen.getByRole('radio', { name: 'By need' }))
    await waitFor(() => expect(namesShown()).toEqual(['Ben', 'Aiko', 'Cid']))
    expect(location.hash).toBe('#/class/k1/help?order=need')
  })

  it('TLK-10 shows how help was given so far, by whom', async () => {
    await using _server = await show()
    expect(await screen.findByText('4 closed, went 3 times, 12:00 there')).toBeTruthy()
    expect(screen.getByText('Median wait').nextSibling?.textContent).toBe('3:00')
  })

  it('counts tries and the time of being stuck into the need', () => {
    const { waiting } = queueOf(STATE, 'need', NOW)
    expect(waiting.map((entry) => [entry.student, needOf(entry, NOW)])).toEqual([
      ['s2', 2 + 6 + 8],
      ['s1', 5],
    ])
  })
})

describe('how one is told', () => {
  it('is chosen by switches, which are kept on this computer', async () => {
    renderSeen(<AlertSwitches />, { classId: 'k1', state: STATE, names: NAMES, now: NOW })
    const user = userEvent.setup()
    await user.click(screen.getByRole('button', { name: 'Tell me' }))
    const title = await screen.findByRole('checkbox', { name: /In the title/ })
    expect(title).toHaveProperty('checked', true)
    await user.click(title)
    expect(JSON.parse(localStorage.getItem('lectern.alerts') ?? '')).toMatchObject({ title: false, sound: false })
    preferAlerts({ title: true })
  })
})
