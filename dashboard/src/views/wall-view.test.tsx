// @vitest-environment happy-dom
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { applyChanges, type ClassInfo, type ClassState, type Patch, type StaffUser } from '@lectern/protocol'
import { cleanup, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import axe from 'axe-core'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Names } from '../class/overview.ts'
import { renderSeen } from '../test/page.tsx'
import { WallView } from './wall-view.tsx'

const { before, changes } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../protocol/fixtures/state.json'), 'utf8'),
) as { before: ClassState; changes: Patch[] }
const asking = applyChanges(before, changes.slice(0, 1))
const MINUTE = 60_000
const INFO: ClassInfo = {
  id: 'k1',
  name: 'K',
  level: 2,
  role: 'instructor',
  createdAt: 1,
  retentionDays: 180,
  showBand: false,
  students: 1,
}
const USER: StaffUser = { id: 'u1', name: 'Ada', email: 'ada@x.org', role: 'instructor', passwordSet: true }
const SINCE = 1_775_782_808_000

function show(state: ClassState, names: Names, now = SINCE + 3 * MINUTE + 5_000) {
  renderSeen(<WallView info={INFO} user={USER} part={undefined} />, { classId: 'k1', state, names, now })
}

beforeAll(() => {
  // Without a layout every box has no height; the list of students needs one to know how many fit.
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600)
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(600)
})

afterEach(cleanup)

describe('the wall', () => {
  it('shows a help request with its sentence, error and waiting time', () => {
    show(asking, new Map([['s1', 'Aki']]))
    const panel = within(screen.getByRole('region', { name: 'Help requests' }))
    expect(panel.getByText('合計が出ません。 I get a NameError.')).toBeTruthy()
    expect(panel.getByText('3:05')).toBeTruthy()
    expect(panel.getByText('NameError')).toBeTruthy()
    expect(panel.getByRole('link', { name: 'Aki' }).getAttribute('href')).toBe('#/class/k1?student=s1')
  })

  it('gives an accessibility checker nothing to find', async () => {
    show(asking, new Map([['s1', 'Aki']]))
    // Colours and landmarks need the whole page in a browser with a layout.
    const rules = { 'color-contrast': { enabled: false }, region: { enabled: false } }
    const { violations } = await axe.run(document.body, { rules })
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
  })

  it('lets a resolve be undone before it is sent', async () => {
    const user = userEvent.setup()
    show(asking, new Map([['s1', 'Aki']]))
    await user.click(screen.getByRole('button', { name: 'Resolve the request of Aki' }))
    await user.click(screen.getByRole('button', { name: 'Undo: the request of Aki stays open' }))
    expect(screen.getByRole('button', { name: 'Resolve the request of Aki' })).toBeTruthy()
  })

  it('lists a student with the reason in words', () => {
    show(before, new Map([['s1', 'Aki']]), SINCE + 6 * MINUTE + 9_000)
    const list = within(screen.getByRole('list', { name: 'Students' }))
    expect(list.getByRole('link').textContent).toContain('quiet since NameError in cell 8, 6 min')
  })

  it.each([
    '<img src=x onerror=alert(1)>',
    '<script>alert(1)</script>',
    '"><svg onload=alert(1)>',
    'javascript:alert(1)',
    '{{constructor.constructor("alert(1)")()}}',
    '\u202Egnirts desrever',
    '{n, plural, other {#}}',
    '__proto__',
  ])('shows %j as text wherever a student may put it', (hostile) => {
    const student = asking.students['s1']!
    const group = asking.errors['e1f00']!
    const notebook = { id: hostile, path: hostile }
    const state: ClassState = {
      ...asking,
      students: { s1: { ...student, notebook, kernel: hostile } },
      help: { s1: { ...asking.help['s1']!, message: hostile, notebook } },
      errors: {
        e1f00: {
          ...group,
          name: hostile,
          message: hostile,
          notebook,
          students: { ...group.students, s2: { count: 1, since: 0 } },
        },
      },
      cells: { x: { ...Object.values(asking.cells)[0]!, notebook } },
    }
    show(state, new Map([['s1', hostile]]))
    expect(document.querySelectorAll('script, img, [onload], [onerror], iframe')).toHaveLength(0)
    expect(document.querySelector('blockquote')?.textContent).toBe(hostile)
    expect(document.querySelector('.tile-name')?.textContent).toBe(hostile)
    for (const link of document.querySelectorAll('a')) expect(link.getAttribute('href')).toMatch(/^#\/class\/k1\?/)
  })
})
