// @vitest-environment happy-dom
import { cleanup, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { emptyState, type ClassInfo, type ClassState } from '@lectern/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { startAnswerServer } from '../test/answer-server.ts'
import { renderSeen } from '../test/page.tsx'
// Loaded here, so that the time it takes is not waited for in a test.
import './say-dialog.tsx'
import { SayProvider, useSay, type SayWish } from './say.tsx'

const INFO: ClassInfo = {
  id: 'k1',
  name: 'Python basics',
  level: 2,
  role: 'assistant',
  createdAt: 1,
  retentionDays: 180,
  showBand: false,
  students: 2,
}
const NOTEBOOK = { id: 'basics', path: 'home/taro/basics.ipynb' }
const CELL = { id: 'c7', index: 6, type: 'code' as const }
const STATE: ClassState = {
  ...emptyState(),
  cells: { 'basics#c7': { notebook: NOTEBOOK, cell: CELL, reached: 2, done: 1, failing: 1, tries: 3 } },
}

function Opener({ wish }: { readonly wish: SayWish }) {
  const say = useSay()
  return say ? <button onClick={() => say(wish)}>open</button> : <p>nothing to say</p>
}

async function show(wish: SayWish, info = INFO) {
  const server = await startAnswerServer({
    'POST /classes/k1/messages': { id: 'm1', to: 2 },
    'DELETE /classes/k1/messages/m1': {},
  })
  window.happyDOM.setURL(server.url)
  renderSeen(
    <SayProvider info={info}>
      <Opener wish={wish} />
    </SayProvider>,
    { classId: 'k1', state: STATE, names: new Map(), now: 1 },
  )
  return server
}

afterEach(cleanup)

describe('writing to students', () => {
  it('sends what was typed to whom it was begun for, and takes it back', async () => {
    await using server = await show({ to: { students: ['s1'] }, whom: 'Aiko', request: 'r1', closes: true })
    const user = userEvent.setup()
    await user.click(screen.getByText('open'))
    await screen.findByRole('dialog', { name: 'To Aiko' })
    expect(screen.queryByRole('radio', { name: 'Look here' })).toBeNull()
    await user.click(screen.getByRole('button', { name: 'Send' }))
    expect(await screen.findByText('Write something first.')).toBeTruthy()
    await user.type(screen.getByRole('textbox', { name: 'Text' }), 'Look at the name')
    await user.keyboard('{Control>}{Enter}{/Control}')
    expect(await screen.findByText('Sent to 2 students.')).toBeTruthy()
    expect(server.asked.at(-1)).toEqual({
      what: 'POST /classes/k1/messages',
      body: { to: { students: ['s1'] }, kind: 'message', text: 'Look at the name', request: 'r1', resolves: true },
    })
    await user.click(screen.getByRole('button', { name: 'Take it back' }))
    await waitFor(() => expect(server.asked.at(-1)?.what).toBe('DELETE /classes/k1/messages/m1'))
    expect(await screen.findByRole('textbox', { name: 'Text' })).toHaveProperty('value', 'Look at the name')
  })

  it('offers a cell only below a cell, named without the folders of anybody', async () => {
    await using server = await show({ to: { everyone: true }, whom: 'everyone', kind: 'cell' })
    const user = userEvent.setup()
    await user.click(screen.getByText('open'))
    await user.type(await screen.findByRole('textbox', { name: 'Source of the cell' }), 'total = 0')
    await user.click(screen.getByRole('button', { name: 'Send' }))
    expect(await screen.findByText('Choose the cell below which it is offered.')).toBeTruthy()
    await user.selectOptions(screen.getByRole('combobox', { name: 'Notebook' }), 'basics')
    await user.click(screen.getByRole('button', { name: 'Send' }))
    await screen.findByText('Sent to 2 students.')
    expect(server.asked.at(-1)?.body).toEqual({
      to: { everyone: true },
      kind: 'cell',
      text: 'total = 0',
      notebook: { id: 'basics', path: 'basics.ipynb' },
      cell: CELL,
    })
  })

  it('is not offered to who may not answer, nor in a class that has ended', async () => {
    for (const info of [
      { ...INFO, role: 'observer' as const },
      { ...INFO, endedAt: 2 },
    ]) {
      await using _server = await show({ to: { everyone: true }, whom: 'everyone' }, info)
      expect(screen.getByText('nothing to say')).toBeTruthy()
      cleanup()
    }
  })
})
