// @vitest-environment happy-dom
import { cleanup, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { emptyState, type ClassInfo, type ClassState, type ErrorGroup } from '@lectern/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { startAnswerServer } from '../test/answer-server.ts'
import { renderSeen } from '../test/page.tsx'
import { ErrorGroups } from './error-groups.tsx'
import { createGroupHistory, HISTORY_MS } from './group-history.ts'
// Loaded here, so that the time it takes is not waited for in a test.
import './say-dialog.tsx'
import { SayProvider } from './say.tsx'

const MINUTE = 60_000
const NOW = 1_775_782_800_000
const NOTEBOOK = { id: 'basics', path: 'home/taro/basics.ipynb' }
const CELL = { id: 'c7', index: 6, type: 'code' as const }
const INFO: ClassInfo = {
  id: 'k1',
  name: 'Python basics',
  level: 2,
  role: 'assistant',
  createdAt: 1,
  retentionDays: 180,
  showBand: false,
  students: 3,
}
const NAMES = new Map([
  ['s1', 'Aiko'],
  ['s2', 'Ben'],
  ['s3', 'Cid'],
])

function groupOf(students: readonly string[], over: Partial<ErrorGroup> = {}): ErrorGroup {
  const since = NOW - 5 * MINUTE
  return {
    name: 'NameError',
    message: "name 'x' is not defined",
    notebook: NOTEBOOK,
    cell: CELL,
    since,
    lastAt: NOW,
    total: 4,
    students: Object.fromEntries(students.map((id, index) => [id, { count: 1, since: since + index * MINUTE }])),
    ...over,
  }
}

const STATE: ClassState = {
  ...emptyState(),
  errors: {
    e1: groupOf(['s1', 's2', 's3']),
    e2: groupOf(['s1', 's2'], { name: 'TypeError', since: NOW - MINUTE }),
    e3: groupOf(['s3'], { name: 'KeyError' }),
  },
  help: { s1: { event: 'r1', since: NOW, group: 'e1' } },
}

const event = (n: number, over: object) => ({
  offset: n,
  type: 'cell_executed',
  cell: CELL,
  data: { status: 'error', errorName: 'NameError', errorMessage: 'x', source: `try_${n}` },
  ...over,
})

async function show() {
  const server = await startAnswerServer({
    'POST /classes/k1/messages': { id: 'm1', to: 3 },
    'GET /classes/k1/students/s1/events?after=0&limit=2000': {
      events: [
        event(1, {}),
        event(2, {}),
        event(3, { data: { status: 'ok', source: 'fine' } }),
        event(4, { cell: { ...CELL, id: 'c8' } }),
      ],
      next: 4,
    },
  })
  window.happyDOM.setURL(`${server.url}#/class/k1/errors`)
  renderSeen(
    <SayProvider info={INFO}>
      <ErrorGroups info={INFO} />
    </SayProvider>,
    { classId: 'k1', state: STATE, names: NAMES, now: NOW },
  )
  await screen.findAllByText('Aiko')
  return server
}

const headings = () => screen.getAllByRole('heading', { level: 3 }).map(({ textContent }) => textContent?.split(' ')[0])

afterEach(cleanup)

describe('groups of the same error', () => {
  it('are shown the largest or the newest first, with who has it and who asked', async () => {
    await using _server = await show()
    expect(headings()).toEqual(['NameError', 'TypeError'])
    expect(screen.getByText('· 1 asked for help')).toBeTruthy()
    expect(screen.getByText('1 more mistake of one student alone.')).toBeTruthy()
    await userEvent.setup().click(screen.getByRole('radio', { name: 'Newest first' }))
    await waitFor(() => expect(headings()).toEqual(['TypeError', 'NameError']))
  })

  it('TLK-1 are answered at once, which may close what was asked about them', async () => {
    await using server = await show()
    const user = userEvent.setup()
    await user.click(screen.getByRole('button', { name: 'Answer all 3' }))
    const dialog = within(await screen.findByRole('dialog', { name: 'To NameError · Cell 7' }))
    await user.type(dialog.getByRole('textbox', { name: 'Text' }), 'Define x first.')
    await user.click(dialog.getByRole('button', { name: 'Send' }))
    await dialog.findByText('Sent to 3 students.')
    expect(server.asked.at(-1)?.body).toEqual({
      to: { group: 'e1' },
      kind: 'hint',
      text: 'Define x first.',
      notebook: { id: 'basics', path: 'basics.ipynb' },
      cell: CELL,
      resolves: true,
    })
  })

  it('show the code of one student only when that is asked for', async () => {
    await using server = await show()
    const looks = () => server.asked.filter(({ what }) => what.includes('/events'))
    expect(looks()).toEqual([])
    await userEvent.setup().click(screen.getAllByRole('button', { name: 'Show code' })[0] as HTMLElement)
    expect(await screen.findByText('try_2')).toBeTruthy()
    expect(looks()).toHaveLength(1)
  })
})

describe('the sizes of groups', () => {
  it('begin with those who are in it, follow what is seen, and keep a solved group for a while', () => {
    const history = createGroupHistory()
    const sizes = () => history.sizes('e1').map(({ at, count }) => [(at - NOW) / MINUTE, count])
    history.see({ e1: groupOf(['s1', 's2', 's3']) }, NOW)
    expect(sizes()).toEqual([
      [-5, 1],
      [-4, 2],
      [-3, 3],
    ])
    history.see({ e1: groupOf(['s1', 's2', 's3']) }, NOW + 1000)
    history.see({ e1: groupOf(['s1']) }, NOW + MINUTE)
    history.see({ e1: groupOf(['s1']) }, NOW + 2 * MINUTE - 1000)
    history.see({}, NOW + 2 * MINUTE)
    expect(sizes().slice(3)).toEqual([
      [1, 1],
      [2, 0],
    ])
    expect(history.solved(NOW + 3 * MINUTE)).toMatchObject([{ key: 'e1', most: 3 }])
    expect(history.solved(NOW + 6 * MINUTE)).toEqual([])
    history.see({ e1: groupOf(['s2', 's3']) }, NOW + 7 * MINUTE)
    expect(history.solved(NOW + 7 * MINUTE)).toEqual([])
    expect(history.sizes('e1').at(-1)).toEqual({ at: NOW + 7 * MINUTE, count: 2 })
  })

  it('call nothing solved lately that emptied while nobody looked', () => {
    const history = createGroupHistory()
    history.see({ e1: groupOf(['s1', 's2']) }, NOW)
    history.see({}, NOW + 20 * MINUTE)
    expect(history.solved(NOW + 20 * MINUTE)).toEqual([])
  })

  it('are forgotten beyond the window, and begin anew when time goes back', () => {
    const history = createGroupHistory()
    history.see({ e1: groupOf(['s1', 's2', 's3']) }, NOW)
    history.see({ e1: groupOf(['s1', 's2']) }, NOW + 2 * HISTORY_MS)
    expect(history.sizes('e1').map(({ count }) => count)).toEqual([3, 2])
    history.see({ e1: groupOf(['s1']) }, NOW)
    expect(history.sizes('e1').map(({ count }) => count)).toEqual([1])
  })
})
