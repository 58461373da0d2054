import { expect, it } from 'vitest'
import { hrefOf, readRoute, type Route } from './route.ts'

it.each<Route>([
  { page: 'classes' },
  { page: 'account' },
  { page: 'people' },
  { page: 'refused', code: 'sign_in_refused' },
  { page: 'welcome', link: 'a-b_c=&?#/' },
  { page: 'class', id: 'k1' },
  { page: 'class', id: 'k/1?#', student: 's 1' },
])('reads back the address of %o', (route) => {
  expect(readRoute(hrefOf(route))).toEqual(route)
})

it.each(['#/nothing', '#/class', '#/class/k1/student', '#/class/%E0%A4%A', '#/classes/more'])(
  'does not take %s for a page',
  (fragment) => {
    expect(readRoute(fragment)).toEqual({ page: 'unknown' })
  },
)

it('begins with the classes', () => {
  expect(readRoute('')).toEqual({ page: 'classes' })
  expect(readRoute('#/')).toEqual({ page: 'classes' })
})
