import { expect, it } from 'vitest'
import { deepLinkOf, withoutDeepLink } from './deep-link.ts'

const LINK = 'http://localhost:8888/lab?token=abc&lectern-server=https%3A%2F%2Fl.example%2Fx&lectern-code=AB-12#part'

it('finds the class in an address, or in the part that was passed on', () => {
  const found = { server: 'https://l.example/x', code: 'AB-12' }
  expect(deepLinkOf(LINK)).toEqual(found)
  expect(deepLinkOf('?lectern-server=https://l.example/x&lectern-code= AB-12 ')).toEqual(found)
  expect(deepLinkOf('x?lectern-code=AB-12')).toEqual({ code: 'AB-12' })
  for (const none of ['AB-12', '', 'http://x/?lectern-code=', 'http://x/#?', '?code=AB']) {
    expect(deepLinkOf(none), none).toBeUndefined()
  }
})

it('takes nothing else out of the address', () => {
  expect(withoutDeepLink(LINK)).toBe('http://localhost:8888/lab?token=abc#part')
})
