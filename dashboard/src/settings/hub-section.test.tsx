// @vitest-environment happy-dom
import { cleanup, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import axe from 'axe-core'
import { afterEach, expect, it } from 'vitest'
import { startAnswerServer } from '../test/answer-server.ts'
import { renderPart } from '../test/page.tsx'
import { HubSection } from './hub-section.tsx'

afterEach(cleanup)

it('JOI-21 opens a class to groups of the Hub, and not before one is named', async () => {
  await using server = await startAnswerServer({ 'PATCH /classes/k1': {} })
  window.happyDOM.setURL(server.url)
  renderPart(<HubSection classId="k1" hub={{ open: 'nobody', groups: [] }} />)
  const user = userEvent.setup()
  await user.click(screen.getByRole('radio', { name: 'Groups' }))
  await user.click(screen.getByRole('button', { name: 'Save' }))
  expect(screen.getByText('Name at least one group.')).toBeTruthy()
  expect(server.asked).toEqual([])
  await user.type(screen.getByRole('textbox', { name: 'Groups of the Hub' }), 'physics, 化学、 ,')
  await user.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(server.asked).toHaveLength(1))
  expect(server.asked[0]?.body).toEqual({ hub: { open: 'groups', groups: ['physics', '化学'] } })
  const rules = { 'color-contrast': { enabled: false }, region: { enabled: false } }
  const { violations } = await axe.run(document.body, { rules })
  expect(violations.map(({ id }) => id)).toEqual([])
})
