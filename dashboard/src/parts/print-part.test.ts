// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest'
import { printPart } from './print-part.ts'

const marked = () => [...document.querySelectorAll('.is-printed')].map(({ id }) => id)

afterEach(() => vi.restoreAllMocks())

it('marks what is printed for as long as that takes, and only that', () => {
  document.body.innerHTML = '<p id="a" data-print="roster"></p><p id="b" data-print="codes"></p><p id="c"></p>'
  const seen: unknown[] = []
  window.print = () => void seen.push([marked(), document.documentElement.dataset['printing']])
  printPart('codes')
  printPart('roster')
  printPart('nothing')
  printPart()
  expect(seen).toEqual([
    [['b'], ''],
    [['a'], ''],
    [[], undefined],
    [[], undefined],
  ])
  printPart('codes')
  window.dispatchEvent(new Event('afterprint'))
  expect([marked(), document.documentElement.dataset['printing']]).toEqual([[], undefined])
})
