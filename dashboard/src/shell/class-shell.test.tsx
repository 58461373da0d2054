// @vitest-environment happy-dom
import { cleanup, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import type { ClassInfo, ClassRole, StaffUser } from '@lectern/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { startAnswerServer } from '../test/answer-server.ts'
import { renderPart } from '../test/page.tsx'
import { ClassPage } from '../class/class-page.tsx'
import { usePlace } from './place.ts'
import { VIEWS, viewsFor } from './views.ts'

const USER: StaffUser = { id: 'u1', name: 'Ada', email: 'ada@x.org', role: 'instructor', passwordSet: true }
const infoFor = (role: ClassRole): ClassInfo => ({
  id: 'k1',
  name: 'Python basics',
  level: 2,
  role,
  createdAt: 1_775_782_808_000,
  retentionDays: 180,
  showBand: false,
  students: 1,
})

function Placed() {
  return <ClassPage place={usePlace('k1')} user={USER} />
}

async function show(role: ClassRole, fragment: string) {
  const server = await startAnswerServer({
    'GET /classes/k1': infoFor(role),
    'GET /classes/k1/students': { students: [{ id: 's1', name: 'Aiko' }] },
    'GET /classes/k1/codes': { codes: [] },
    'GET /classes/k1/staff': { staff: [] },
  })
  window.happyDOM.setURL(`${server.url}${fragment}`)
  renderPart(<Placed />)
  await screen.findByRole('heading', { name: 'Python basics' })
  return server
}

const linksOf = () =>
  within(screen.getByRole('navigation', { name: 'Views of the class' }))
    .getAllByRole('link')
    .map((link) => link.getAttribute('href'))

afterEach(cleanup)

describe('the frame of a class', () => {
  it('leads to every listed view that somebody may see, and marks the one that is shown', async () => {
    await using _server = await show('instructor', '#/class/k1/people')
    const listed = viewsFor(infoFor('instructor')).filter(({ isUnlisted }) => isUnlisted === undefined)
    expect(linksOf()).toEqual(listed.map(({ name }) => (name === 'wall' ? '#/class/k1' : `#/class/k1/${name}`)))
    expect(screen.getByRole('link', { name: 'People' }).getAttribute('aria-current')).toBe('page')
    expect(await screen.findByRole('rowheader', { name: 'Aiko' })).toBeTruthy()
  })

  it('goes by single keys, which the sheet of keys names, but not while somebody writes', async () => {
    await using _server = await show('instructor', '#/class/k1/people')
    const user = userEvent.setup()
    await screen.findByRole('rowheader', { name: 'Aiko' })
    await user.type(screen.getAllByRole('textbox')[0] as HTMLElement, 'h')
    expect(location.hash).toBe('#/class/k1/people')
    await user.click(document.body)
    await user.keyboard('?')
    const sheet = within(screen.getByRole('dialog', { name: 'Keyboard' }))
    const keys = viewsFor(infoFor('instructor')).flatMap(({ shortcut }) => shortcut ?? [])
    for (const key of keys) expect(sheet.getByText(key), key).toBeTruthy()
    await user.keyboard('{Escape}')
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    await user.keyboard('h')
    expect(location.hash).toBe('#/class/k1/help')
  })

  it('says of a view that there is none, or none for this role', async () => {
    await using _server = await show('observer', '#/class/k1/people')
    expect(screen.getByText('There is no such view, or you may not see it.')).toBeTruthy()
  })

  it('AUT-20 begins with what somebody may see, and opens no socket for who may not see students', async () => {
    await using server = await show('researcher', '#/class/k1')
    expect(await screen.findByText('You have the role “Researcher” in this class.')).toBeTruthy()
    expect(server.asked.map(({ what }) => what)).not.toContain('POST /live/ticket')
  })
})

it('gives every view a name and a key of its own', () => {
  const keys = VIEWS.flatMap(({ shortcut }) => shortcut ?? [])
  expect(new Set(keys).size).toBe(keys.length)
  expect(keys.filter((key) => ['c', '/', '?'].includes(key))).toEqual([])
  expect(new Set(VIEWS.map(({ name }) => name)).size).toBe(VIEWS.length)
})
