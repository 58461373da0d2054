// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it } from 'vitest'
import { renderPart } from '../test/page.tsx'
import { CodeDiff } from './code-diff.tsx'
import { OutputOf } from './rich-output.tsx'

afterEach(cleanup)

const HURT = '<script>parent.hurt=1</script><b>bold</b>'

it('shows a page as text, and in a frame without any right only when asked', async () => {
  renderPart(<OutputOf output={{ kind: 'display', mime: 'text/html', text: HURT }} />)
  expect(screen.getByText(HURT)).toBeTruthy()
  await userEvent.click(screen.getByRole('button', { name: 'Show as it looked' }))
  const frame = screen.getByTitle('Output as it looked')
  expect(frame.getAttribute('sandbox')).toBe('')
  expect(frame.getAttribute('srcdoc')).toBe(HURT)
  await userEvent.click(screen.getByRole('button', { name: 'Show as text' }))
  expect(screen.queryByTitle('Output as it looked')).toBeNull()
})

it('shows pictures only of bytes, and says what is not kept', () => {
  const picture = (text: string) => renderPart(<OutputOf output={{ kind: 'display', mime: 'image/png', text }} />)
  const { unmount } = picture('"><script>')
  expect(screen.queryByRole('button')).toBeNull()
  unmount()
  picture('')
  expect(screen.getByText('image/png, which is not kept')).toBeTruthy()
})

it('tells what was added and removed in words as well', () => {
  renderPart(<CodeDiff before={'a = 1\nb = 2\n'} after={'a = 1\nb = 3\n'} />)
  const code = screen.getByLabelText('Code')
  expect(code.textContent).toContain('removed: b = 2')
  expect(code.textContent).toContain('added: b = 3')
  cleanup()
  renderPart(<CodeDiff before="a" after="a" />)
  expect(screen.getByText('Nothing was changed.')).toBeTruthy()
})
