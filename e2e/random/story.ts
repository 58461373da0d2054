import { differences, type Evidence } from './oracle.ts'
import { createAccount } from './asked.ts'
import { BOOKS, type Bed } from './bed.ts'
import { readJournal } from './kernel-journal.ts'
import { mend, STEPS, type Story } from './steps.ts'

const SETTLE_TIMEOUT_MS = 60_000

/** A number generator that a seed repeats exactly (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function choose(random: () => number): string {
  const entries = Object.entries(STEPS)
  let left = random() * entries.reduce((sum, [, { weight }]) => sum + weight, 0)
  for (const [name, { weight }] of entries) {
    left -= weight
    if (left < 0) return name
  }
  return 'run'
}

/** Begins a story: one page is open, and the student is in the class. */
export async function beginStory(bed: Bed, random: () => number): Promise<Story> {
  const first = await bed.openPage(BOOKS[0][0], true)
  const pages = [first, undefined]
  return { bed, account: createAccount(), random, pages, front: 0, isServerDown: false, isNetworkBad: false }
}

/** Takes `count` steps by chance; `tell` hears each before it is taken. */
export async function takeSteps(story: Story, count: number, tell: (line: string) => void): Promise<void> {
  for (let step = 1; step <= count; step += 1) {
    const name = choose(story.random)
    tell(`${step}: ${name}`)
    await STEPS[name]?.take(story)
  }
}

async function evidenceOf({ bed, account }: Story): Promise<Evidence> {
  const log = await bed.staff.events(bed.classId)
  return { log, journal: readJournal(bed.jupyter.settings), done: account.done() }
}

/** Mends everything and waits until the log agrees with what was done; gives what still differs then. */
export async function endStory(story: Story, timeoutMs = SETTLE_TIMEOUT_MS): Promise<string[]> {
  await mend(story)
  for (const until = performance.now() + timeoutMs; ;) {
    const found = differences(await evidenceOf(story))
    if (found.length === 0 || performance.now() > until) return found
    await new Promise((settle) => setTimeout(settle, 500))
  }
}
