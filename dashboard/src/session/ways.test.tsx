// @vitest-environment happy-dom
import { cleanup, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it } from 'vitest'
import { startAnswerServer } from '../test/answer-server.ts'
import { renderPart } from '../test/page.tsx'
import { SessionsSection } from './sessions-section.tsx'
import { SignIn } from './sign-in.tsx'
import { Welcome } from './welcome.tsx'

afterEach(cleanup)

const AT = 1_775_782_808_000
const NEEDED = { pending: 'p', ways: ['totp', 'recovery'], expires: AT }
const SESSION = { user: { id: 'u1', name: 'Ada', email: 'a@b.example', role: 'member', passwordSet: true }, at: AT }
const PROVIDERS = [{ id: 'oidc', name: 'School account' }]

/** The page over a server that gives these answers. */
async function open(answers: Readonly<Record<string, unknown>>, part = <SignIn />) {
  const server = await startAnswerServer(answers)
  window.happyDOM.setURL(server.url)
  renderPart(part)
  return server
}

it('offers what is configured, and nothing else', async () => {
  await using server = await open({ 'GET /session/ways': { passkeys: false, providers: PROVIDERS } })
  const link = await screen.findByRole('link', { name: 'Sign in with School account' })
  expect(link.getAttribute('href')).toBe('/api/v2/session/oidc')
  expect(screen.queryByRole('button', { name: /passkey/ })).toBeNull()
  cleanup()
  await using bare = await open({ 'GET /session/ways': { passkeys: false, providers: [] } })
  await waitFor(() => expect(bare.asked).toHaveLength(1))
  expect(screen.queryByText('or')).toBeNull()
  expect(screen.queryAllByRole('link')).toEqual([])
  expect(server.asked.map(({ what }) => what)).toEqual(['GET /session/ways'])
})

it('AUT-16 says why a sign-in elsewhere failed, in the words of the page', async () => {
  await using _server = await open({}, <SignIn refused="sign_in_refused" />)
  expect((await screen.findByRole('alert')).textContent).toContain('Nobody with this address was invited')
})

it('AUT-13 asks for the second factor, and sends what was typed with what is pending', async () => {
  await using server = await open({ 'POST /session': NEEDED, 'POST /session/second': SESSION })
  const user = userEvent.setup()
  await user.type(screen.getByLabelText('E-mail address'), 'a@b.example')
  await user.type(screen.getByLabelText('Password'), 'correct horse battery{Enter}')
  const code = await screen.findByLabelText('Code from the app')
  expect([code.getAttribute('inputmode'), code.getAttribute('autocomplete')]).toEqual(['numeric', 'one-time-code'])
  expect(screen.queryByRole('button', { name: 'Use a passkey' })).toBeNull()
  await user.type(code, '123456')
  await user.click(screen.getByRole('button', { name: 'Use a recovery code' }))
  const recovery = screen.getByLabelText<HTMLInputElement>('Recovery code')
  expect(recovery.value).toBe('')
  await user.type(recovery, 'KMPR-4T7W-BBBB-CCCC{Enter}')
  const sent = () => server.asked.find(({ what }) => what === 'POST /session/second')?.body
  await waitFor(() => expect(sent()).toEqual({ pending: 'p', code: 'KMPR-4T7W-BBBB-CCCC' }))
})

it('AUT-13 asks for it after a link too, and uses the link once', async () => {
  await using server = await open({ 'POST /session': NEEDED }, <Welcome link="a-link" />)
  await screen.findByLabelText('Code from the app')
  expect(server.asked.filter(({ what }) => what === 'POST /session')).toEqual([
    { what: 'POST /session', body: { link: 'a-link' } },
  ])
})

it('AUT-6 ends another session, never the one that asks', async () => {
  const where = { at: AT, address: '192.0.2.7', agent: '' }
  const one = { id: 'e1', current: true, method: 'passkey', began: where, seen: where }
  const other = { id: 'e2', current: false, method: 'oidc', began: where, seen: { ...where, agent: 'Firefox, Linux' } }
  const answers = { 'GET /session/list': { sessions: [one, other] }, 'DELETE /session/list/e2': {} }
  await using server = await open(answers, <SessionsSection />)
  const button = await screen.findByRole('button', { name: 'End: Firefox, Linux at 192.0.2.7' })
  expect(screen.getAllByRole('button', { name: /^End:/ })).toHaveLength(1)
  expect(screen.getByText('Unknown browser at 192.0.2.7')).toBeDefined()
  await userEvent.setup().click(button)
  await waitFor(() => expect(server.asked.map(({ what }) => what)).toContain('DELETE /session/list/e2'))
})
