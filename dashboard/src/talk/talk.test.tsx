// @vitest-environment happy-dom
import { cleanup, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { emptyState, type ClassInfo, type ClassMessage, type ClassState, type StaffUser } from '@lectern/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { startAnswerServer } from '../test/answer-server.ts'
import { renderSeen } from '../test/page.tsx'
import { SayProvider } from './say.tsx'
import { Talk } from './talk.tsx'

const NOW = 1_775_782_800_000
const ME: StaffUser = { id: 'u1', name: 'Rin', email: 'rin@x.org', role: 'member', passwordSet: true }
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
const TEAMS = new Map([...NAMES.keys()].map((id) => [id, id === 's3' ? 'Row 2' : 'Row 1']))
const message = (over: Partial<ClassMessage>): ClassMessage => ({
  at: NOW - 60_000,
  by: 'u1',
  kind: 'message',
  text: 'hello',
  students: { s1: 'sent' },
  ...over,
})
const STATE: ClassState = {
  ...emptyState(),
  messages: {
    m1: message({ at: NOW - 120_000, text: 'to one', by: 'u2' }),
    m2: message({
      kind: 'hint',
      text: '<b>Look</b> at the name',
      group: 'e9',
      students: { s1: 'applied', s2: 'declined', s3: 'applied' },
    }),
    m3: message({
      kind: 'banner',
      text: 'Look here',
      everyone: true,
      students: { s1: 'seen', s2: 'sent', s3: 'sent' },
    }),
    m4: message({ text: 'taken back', ended: true, at: NOW - 300_000 }),
  },
}

async function show(info = INFO) {
  const server = await startAnswerServer({
    'GET /classes/k1/helpers': { helpers: [{ id: 'u2', name: 'Ray' }] },
    'POST /classes/k1/messages': { id: 'm9', to: 2 },
    'DELETE /classes/k1/messages/m2': {},
    'DELETE /classes/k1/messages/m3': {},
  })
  window.happyDOM.setURL(`${server.url}#/class/k1/talk`)
  const page = renderSeen(
    <SayProvider info={info}>
      <Talk info={info} user={ME} />
    </SayProvider>,
    { classId: 'k1', state: STATE, names: NAMES, now: NOW, teams: TEAMS },
  )
  await screen.findByText('Ray', { exact: false })
  return { ...server, page, [Symbol.asyncDispose]: server[Symbol.asyncDispose] }
}

const said = (text: string) =>
  within(
    screen
      .getAllByText(text)
      .find((found) => found.closest('li'))
      ?.closest('li') as HTMLElement,
  )

afterEach(cleanup)

describe('what was said', () => {
  it('TLK-4 shows what came of each message, and the names when asked for', async () => {
    await using _server = await show()
    const user = userEvent.setup()
    const hint = said('<b>Look</b> at the name')
    expect(hint.getByText('to all with one error')).toBeTruthy()
    expect(hint.queryByText('Aiko')).toBeNull()
    await user.click(hint.getByRole('button', { name: '2 done with it' }))
    expect(hint.getAllByRole('link').map((link) => link.textContent)).toEqual(['Aiko', 'Cid'])
    await user.click(hint.getByRole('button', { name: '1 not wanted' }))
    expect(hint.getAllByRole('link').map((link) => link.textContent)).toEqual(['Ben'])
    expect(said('to one').getByText('to Aiko')).toBeTruthy()
    expect(said('taken back').getByText('Withdrawn')).toBeTruthy()
  })

  it('TLK-5 withdraws a message after a while in which that can be undone', async () => {
    await using server = await show()
    const user = userEvent.setup()
    await user.click(said('<b>Look</b> at the name').getByRole('button', { name: 'Withdraw' }))
    await user.click(said('<b>Look</b> at the name').getByRole('button', { name: 'Undo' }))
    await user.click(said('<b>Look</b> at the name').getByRole('button', { name: 'Withdraw' }))
    expect(server.asked.some(({ what }) => what.startsWith('DELETE'))).toBe(false)
    // Whoever leaves the page meant it.
    server.page.unmount()
    await waitFor(() => expect(server.asked.at(-1)?.what).toBe('DELETE /classes/k1/messages/m2'))
  })

  it('shows a banner that stands, with the way to end it', async () => {
    await using server = await show()
    const user = userEvent.setup()
    expect(screen.getByText('stands for 1:00 · seen by 1 of 3')).toBeTruthy()
    const [banner] = screen.getAllByRole('button', { name: 'End it' })
    await user.click(banner as HTMLElement)
    expect(screen.queryByText('stands for 1:00 · seen by 1 of 3')).toBeNull()
    server.page.unmount()
    await waitFor(() => expect(server.asked.at(-1)?.what).toBe('DELETE /classes/k1/messages/m3'))
  })

  it('TLK-1 writes to everyone, a team or chosen students; a banner to everyone only', async () => {
    await using server = await show()
    const user = userEvent.setup()
    const composer = within(screen.getByRole('region', { name: 'Say something' }))
    const bodies = () => server.asked.filter(({ what }) => what.startsWith('POST')).map(({ body }) => body)
    expect(composer.getByRole('radio', { name: 'Look here' })).toBeTruthy()
    await user.click(composer.getByRole('radio', { name: 'A team' }))
    expect(composer.getByText('Choose to whom first.')).toBeTruthy()
    await user.selectOptions(composer.getByRole('combobox', { name: 'A team' }), 'Row 1')
    expect(composer.queryByRole('radio', { name: 'Look here' })).toBeNull()
    await user.type(composer.getByRole('textbox', { name: 'Text' }), 'row one')
    await user.click(composer.getByRole('button', { name: 'Send' }))
    expect(await composer.findByText('Sent to 2 students.')).toBeTruthy()
    await user.click(composer.getByRole('radio', { name: 'Students' }))
    await user.type(composer.getByRole('textbox', { name: 'Find a student' }), 'be')
    await user.click(composer.getByRole('button', { name: 'Ben' }))
    await user.type(composer.getByRole('textbox', { name: 'Text' }), 'ben')
    await user.click(composer.getByRole('button', { name: 'Send' }))
    await waitFor(() => expect(bodies()).toHaveLength(2))
    expect(bodies()).toEqual([
      { to: { team: 'Row 1' }, kind: 'message', text: 'row one' },
      { to: { students: ['s2'] }, kind: 'message', text: 'ben' },
    ])
  })

  it('offers nothing to change in a class that has ended', async () => {
    await using _server = await show({ ...INFO, endedAt: 5 })
    expect(screen.queryByRole('region', { name: 'Say something' })).toBeNull()
    expect(screen.queryByRole('button', { name: 'Withdraw' })).toBeNull()
  })
})
