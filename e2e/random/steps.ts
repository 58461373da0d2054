import { BROKEN, PORTAL, tooMany } from '../harness/proxy.ts'
import type { Account, Body } from './asked.ts'
import { BOOKS, type Bed, type OpenPage } from './bed.ts'

const CELLS = ['a', 'b', 'c'] as const
const TYPED_CELL = 3

/** A story under way. */
export interface Story {
  readonly bed: Bed
  readonly account: Account
  readonly random: () => number
  readonly pages: (OpenPage | undefined)[]
  /** The page that the student looks at. */
  front: number
  isServerDown: boolean
  isNetworkBad: boolean
}

const pick = <T>({ random }: Story, from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
const pause = (ms: number) => new Promise((settle) => setTimeout(settle, ms))

/** The page in front; opened when it is not there. */
async function here(story: Story): Promise<OpenPage> {
  const page = story.pages[story.front]
  if (page) {
    // JupyterLab may have brought another tab to the front, as after a reload.
    if (!(await page.app.isInFront(page.book))) await page.app.open(page.book)
    return page
  }
  const opened = await story.bed.openPage(BOOKS[story.front]?.[0] ?? '')
  story.pages[story.front] = opened
  return opened
}

async function run(story: Story, body: Body, index = Math.floor(story.random() * CELLS.length)): Promise<OpenPage> {
  const page = await here(story)
  await page.app.setCell(index, story.account.ask(body, CELLS[index] ?? 'a', page.book))
  await page.app.run(index)
  return page
}

async function reopen(story: Story, how: 'reload' | 'crash'): Promise<void> {
  const page = await here(story)
  const books = BOOKS[story.front] ?? []
  // Between sending a request and noting it lie some milliseconds, in which nobody can reload a page by hand.
  await pause(150)
  story.account.leave(books)
  if (how === 'crash') {
    await page.app.crash()
    story.pages[story.front] = await story.bed.openPage(page.book)
  } else await page.app.reload(page.book)
}

const quietRun = async (story: Story) => {
  const page = await run(story, pick(story, ['good', 'bad', 'slow']))
  if (story.random() < 0.5) await page.app.kernelIsIdle()
}

/** What can happen, and how often. */
export const STEPS: Readonly<Record<string, { weight: number; take: (story: Story) => Promise<void> }>> = {
  run: { weight: 12, take: quietRun },
  'run twice at once': {
    weight: 3,
    async take(story) {
      await run(story, 'slow', 0)
      await run(story, 'good', 1)
    },
  },
  'run all': {
    weight: 3,
    async take(story) {
      const page = await here(story)
      await page.app.kernelIsIdle()
      for (const [index, cell] of CELLS.entries()) {
        await page.app.setCell(index, story.account.ask(pick(story, ['good', 'good', 'bad']), cell, page.book))
      }
      // An empty cell runs nothing.
      await page.app.setCell(TYPED_CELL, '')
      await page.app.runAll()
    },
  },
  'edit what is queued': {
    weight: 2,
    async take(story) {
      const page = await run(story, 'slow', 0)
      await run(story, 'good', 1)
      await page.app.setCell(1, 'never_run = 1')
    },
  },
  interrupt: {
    weight: 2,
    async take(story) {
      const page = await here(story)
      await page.app.kernelIsIdle()
      await run(story, 'long')
      await pause(500)
      await page.app.kernel('interrupt')
      await page.app.kernelIsIdle()
    },
  },
  'restart the kernel': {
    weight: 2,
    async take(story) {
      const page = await run(story, pick(story, ['good', 'long']))
      await pause(300)
      story.account.restart(page.book)
      await page.app.kernel('restart')
      await page.app.kernelIsIdle()
    },
  },
  edit: {
    weight: 2,
    async take(story) {
      const { app, book } = await here(story)
      await app.kernelIsIdle()
      const name = story.account.nextName()
      await app.setCell(TYPED_CELL, '')
      await app.type(TYPED_CELL, name)
      story.account.askTyped(name, 'typed', book)
      await app.run(TYPED_CELL)
      await app.kernelIsIdle()
    },
  },
  'switch the tab': {
    weight: 3,
    async take(story) {
      const page = await here(story)
      const other = (BOOKS[story.front] ?? []).find((book) => book !== page.book) ?? page.book
      await page.app.open(other)
      page.book = other
    },
  },
  'close the notebook': {
    weight: 2,
    async take(story) {
      const page = await run(story, pick(story, ['good', 'slow']))
      await pause(100)
      story.account.leave([page.book])
      await page.app.close()
      await page.app.open(page.book)
    },
  },
  'look at the other page': {
    weight: 3,
    async take(story) {
      story.front = 1 - story.front
      await (await here(story)).app.page.bringToFront()
    },
  },
  reload: { weight: 2, take: (story) => reopen(story, 'reload') },
  'crash the page': { weight: 2, take: (story) => reopen(story, 'crash') },
  'cut the network': { weight: 1, take: (story) => spoil(story, () => story.bed.network.cut()) },
  'slow the network': { weight: 1, take: (story) => spoil(story, () => story.bed.network.slow(700)) },
  'too many requests': { weight: 1, take: (story) => spoil(story, () => story.bed.network.answer(tooMany(1))) },
  'answer with 500': { weight: 1, take: (story) => spoil(story, () => story.bed.network.answer(BROKEN)) },
  'captive portal': { weight: 1, take: (story) => spoil(story, () => story.bed.network.answer(PORTAL)) },
  'lose answers': { weight: 2, take: (story) => spoil(story, () => story.bed.network.loseAnswers('"events"', 2)) },
  'kill the server': {
    weight: 1,
    async take(story) {
      if (!story.isServerDown) await story.bed.server.crash()
      story.isServerDown = true
    },
  },
  'restart the server': {
    weight: 1,
    async take(story) {
      if (!story.isServerDown) await story.bed.server.crash()
      await story.bed.server.restart()
      story.isServerDown = false
    },
  },
  'mend all': { weight: 4, take: mend },
}

async function spoil(story: Story, how: () => void): Promise<void> {
  story.bed.network.restore()
  how()
  story.isNetworkBad = true
}

/** Server and network are as they should be. */
export async function mend(story: Story): Promise<void> {
  if (story.isServerDown) await story.bed.server.restart()
  story.isServerDown = false
  if (story.isNetworkBad) story.bed.network.restore()
  story.isNetworkBad = false
}
