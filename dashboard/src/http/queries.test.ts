// @vitest-environment happy-dom
import { expect, it } from 'vitest'
import { createQueries, SESSION_KEY, signedOut } from './queries.ts'

it('AUT-1 keeps nothing that was seen, once nobody is signed in', () => {
  const client = createQueries()
  client.setQueryData(SESSION_KEY, { user: { name: 'Ada' } })
  client.setQueryData(['classes'], [{ name: 'K' }])
  client.setQueryData(['class', 'c_1', 'students'], [{ name: 'Ken' }])
  client.setQueryData(['own', 'sessions'], [{ address: '192.0.2.7' }])
  signedOut(client)
  expect(client.getQueryData(SESSION_KEY)).toBeNull()
  const left = client.getQueryCache().getAll()
  expect(left.map(({ queryKey }) => queryKey)).toEqual([SESSION_KEY])
})
