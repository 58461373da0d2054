import { expect, it } from 'vitest'
import { hrefOf, hrefOfClass, readRoute, type Route } from './route.ts'

it.each<Route>([
  { page: 'classes' },
  { page: 'account' },
  { page: 'people' },
  { page: 'refused', code: 'sign_in_refused' },
  { page: 'welcome', link: 'a-b_c=&?#/' },
  { page: 'class', id: 'k1', view: 'wall', query: {} },
  { page: 'class', id: 'k/1?#', view: 'wall', query: { student: 's 1', kind: 'stuck' } },
  { page: 'class', id: 'k1', view: 'list', query: { search: '?&#/=%' } },
  { page: 'class', id: 'k1', view: 'student', part: 's/1?', query: {} },
  { page: 'class', id: 'k1', view: 'wall', part: 'x', query: {} },
])('reads back the address of %o', (route) => {
  expect(readRoute(hrefOf(route))).toEqual(route)
})

it.each(['#/nothing', '#/class', '#/class/k1/a/b/c', '#/class/%E0%A4%A', '#/class/k/%E0%A4%A', '#/classes/more'])(
  'does not take %s for a page',
  (fragment) => {
    expect(readRoute(fragment)).toEqual({ page: 'unknown' })
  },
)

it('begins with the classes, and a class with its wall', () => {
  expect(readRoute('')).toEqual({ page: 'classes' })
  expect(readRoute('#/')).toEqual({ page: 'classes' })
  expect(hrefOfClass({ id: 'k1' })).toBe('#/class/k1')
  expect(readRoute('#/class/k1')).toMatchObject({ view: 'wall' })
})

it('leaves out of an address what is empty', () => {
  expect(hrefOfClass({ id: 'k1', view: 'list', query: { search: '', kind: 'help' } })).toBe('#/class/k1/list?kind=help')
})
