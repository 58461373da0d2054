import { describe, expect, it } from 'vitest'
import { startBed } from './random/bed.ts'
import { STEPS } from './random/steps.ts'
import { beginStory, endStory, seeded, takeSteps } from './random/story.ts'

const STEP_COUNT = Number(process.env['LECTERN_RANDOM_STEPS'] ?? 40)
const SEED = Number(process.env['LECTERN_RANDOM_SEED'] ?? Date.now() % 1_000_000)
/** Generous: a step waits for a kernel, and some start a server. */
const STEP_TIMEOUT_MS = 8_000
/** Too short for anything to arrive that has not been lost. */
const CONTROL_TIMEOUT_MS = 5_000

async function tell(seed: number, count: number): Promise<string[]> {
  console.log(`Random steps: LECTERN_RANDOM_SEED=${seed} LECTERN_RANDOM_STEPS=${count}`)
  await using bed = await startBed()
  const story = await beginStory(bed, seeded(seed))
  const lines: string[] = []
  try {
    await takeSteps(story, count, (line) => lines.push(line))
    const found = await endStory(story)
    if (found.length > 0) console.log(lines.join('\n'))
    return found
  } catch (error) {
    console.log(lines.join('\n'))
    throw error
  }
}

describe('random steps in a real JupyterLab', () => {
  it(
    'ING-3 EVT-2 EVT-11 leaves a log that equals what was done, in order, once each',
    async () => expect(await tell(SEED, STEP_COUNT)).toEqual([]),
    120_000 + STEP_COUNT * STEP_TIMEOUT_MS,
  )

  it('finds what is lost when the browser lets nothing be kept, of which the student is warned', async () => {
    await using bed = await startBed({ storage: false })
    const story = await beginStory(bed, seeded(1))
    await story.pages[0]?.app.page.locator('.lectern-status', { hasText: 'not kept' }).waitFor()
    bed.network.cut()
    await STEPS['run']?.take(story)
    await story.pages[0]?.app.kernelIsIdle()
    await story.pages[0]?.app.crash()
    expect(await endStory(story, CONTROL_TIMEOUT_MS)).toEqual(['# step 1 stands in the log 0 times'])
  })
})
