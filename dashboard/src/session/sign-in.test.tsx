// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it } from 'vitest'
import { renderPart } from '../test/page.tsx'
import { startProblemServer } from '../test/problem-server.ts'
import { SignIn } from './sign-in.tsx'

afterEach(cleanup)

declare global {
  interface Window {
    readonly happyDOM: { setURL(url: string): void }
  }
}

async function tryToSignIn() {
  renderPart(<SignIn />)
  const user = userEvent.setup()
  await user.type(screen.getByLabelText('E-mail address'), 'a@b.example')
  await user.type(screen.getByLabelText('Password'), 'not the password')
  await user.click(screen.getByRole('button', { name: 'Sign in' }))
  return (await screen.findByRole('alert')).textContent
}

it('ERR-1 says a known code in the words of the page', async () => {
  await using server = await startProblemServer('wrong_credentials')
  window.happyDOM.setURL(server.url)
  expect(await tryToSignIn()).toBe('Address or password is wrong. Check both and try again.')
})

it('ERR-1 says a code without words of its own in those of the server', async () => {
  await using server = await startProblemServer('unsupported_media')
  window.happyDOM.setURL(server.url)
  expect(await tryToSignIn()).toBe('Content type not supported. Send application/json, or what `detail` asks for.')
})

it('says that the server does not answer', async () => {
  const server = await startProblemServer('internal')
  await server[Symbol.asyncDispose]()
  window.happyDOM.setURL(server.url)
  expect(await tryToSignIn()).toContain('The server does not answer')
})

it('AUT-10 masks the password until one asks to see it, and takes what is pasted or filled in by a manager', async () => {
  renderPart(<SignIn />)
  const user = userEvent.setup()
  const field = screen.getByLabelText<HTMLInputElement>('Password')
  expect([field.type, field.autocomplete]).toEqual(['password', 'current-password'])
  expect(screen.getByLabelText<HTMLInputElement>('E-mail address').autocomplete).toBe('username')
  await user.click(field)
  await user.paste(`${'long '.repeat(20)}ö🚲`)
  expect(field.value).toBe(`${'long '.repeat(20)}ö🚲`)
  await user.click(screen.getByRole('checkbox', { name: /show/i }))
  expect(field.type).toBe('text')
})
