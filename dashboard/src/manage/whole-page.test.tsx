// @vitest-environment happy-dom
import type { ClassInfo, ClassSummary } from '@lectern/protocol'
import { cleanup, screen } from '@testing-library/react'
import axe from 'axe-core'
import { afterEach, expect, it } from 'vitest'
import { startAnswerServer } from '../test/answer-server.ts'
import { renderPart } from '../test/page.tsx'
import { WholePage } from './whole-page.tsx'

const AT = 1_775_782_808_000
const INFO: ClassInfo = {
  id: 'k1',
  name: 'K',
  level: 2,
  role: 'observer',
  createdAt: AT,
  retentionDays: 180,
  showBand: false,
  students: 30,
}
const SUMMARY: ClassSummary = {
  at: AT,
  smallest: 5,
  students: 30,
  attention: { needing: 7, others: 23 },
  cells: [
    { notebook: 'week 1/intro.ipynb', index: 0, done: 12, tried: 6, open: 12 },
    { notebook: 'week 1/intro.ipynb', index: 1, done: 20, undone: 10 },
    { notebook: 'week 1/intro.ipynb', index: 2 },
  ],
  errors: [{ name: 'NameError', students: 6 }],
  minutes: [],
}

afterEach(cleanup)

async function show(summary: ClassSummary, info = INFO) {
  const server = await startAnswerServer({ 'GET /classes/k1/summary': summary })
  window.happyDOM.setURL(server.url)
  renderPart(<WholePage info={info} />)
  return server
}

it('AGG-1 shows a class as a whole, and says where nothing is told', async () => {
  await using _server = await show(SUMMARY)
  expect(await screen.findByText('Need attention')).toBeTruthy()
  expect(document.querySelector('[data-group=needing]')?.getAttribute('data-count')).toBe('7')
  expect(screen.getByRole('button', { name: 'Cell 1: Done: 12, Tried: 6, Not reached: 12' })).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Cell 2: Done: 20, Not done: 10' })).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Cell 3: Not told' })).toBeTruthy()
  expect(screen.getByText('NameError')).toBeTruthy()
  const rules = { 'color-contrast': { enabled: false }, region: { enabled: false } }
  const { violations } = await axe.run(document.body, { rules })
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
})

it('AGG-1 says that there are too few to tell anything', async () => {
  const { students: _students, ...few } = { ...SUMMARY, attention: {}, cells: [], errors: [] }
  await using _server = await show(few)
  expect(await screen.findByText(/^Fewer than 5 students so far/)).toBeTruthy()
})

it('AUT-20 asks for nothing that a researcher may not see', async () => {
  await using server = await show(SUMMARY, { ...INFO, role: 'researcher' })
  expect(screen.getByText('You have the role “Researcher” in this class.')).toBeTruthy()
  expect(server.asked).toEqual([])
  const link = screen.getByRole('link', { name: 'Download (JSON Lines)' })
  expect(link.getAttribute('href')).toBe('/api/v2/classes/k1/research')
})
