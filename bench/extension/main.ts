// npm run bench -- extension [--cells 1000] [--timed 200]: what the extension costs a student's JupyterLab, beside one
// without it in the same run: ms of the page's main thread for each run cell, heap, ms added to the start, bytes of the bundle,
// bytes sent in an hour of class.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { chromium, type Browser } from 'playwright-core'
import { finish, printTable } from '../lib/report.ts'
import { startMeasuredServer } from '../lib/server.ts'
import { quantile, rounded } from '../lib/stats.ts'
import { SCRIPTS, startLab, type Lab } from './lab.ts'
import {
  agree,
  countTasks,
  countSent,
  heapMiB,
  kernelAnswers,
  loadLab,
  runCells,
  runCost,
  type Measuring,
} from './page.ts'

const CHROMIUM = process.env['LECTERN_TEST_CHROMIUM'] ?? '/usr/bin/chromium'
const LEVEL = 2
const WARM_CELLS = 20
/** Cells that one page runs before it is the other's turn: both meet the same machine. */
const TURN = 25
const START_ROUNDS = 5
/** A student at work runs a cell a minute and changes it before. */
const RUNS_AN_HOUR = 60
const EDIT = 'value = 12345'
const BATCH_MS = 500

async function open(browser: Browser, lab: Lab, level?: number): Promise<Measuring> {
  const page = await (await browser.newContext()).newPage()
  await loadLab(page, lab.address)
  if (level !== undefined) await agree(page, level)
  await kernelAnswers(page)
  await runCells(page, 0, WARM_CELLS)
  return { page, session: await page.context().newCDPSession(page) }
}

/** Both pages run the same cells in turns. Gives the ms of each run, and the heap that each page took for them. */
async function runBoth(both: readonly [Measuring, Measuring], cells: number) {
  const before = await Promise.all(both.map(({ session }) => heapMiB(session)))
  const times: [number[], number[]] = [[], []]
  for (let from = 0; from < cells; from += TURN) {
    for (const side of [0, 1] as const) {
      await both[side].page.bringToFront()
      times[side].push(...(await runCells(both[side].page, from, Math.min(TURN, cells - from))))
    }
  }
  const after = await Promise.all(both.map(({ session }) => heapMiB(session)))
  const grown = after.map((value, side) => value - (before[side] ?? 0))
  return { times, grown, whole: after }
}

/** ms of the main thread for each of so many runs, with and without, in turns. */
async function costs(both: readonly [Measuring, Measuring], count: number): Promise<[number[], number[]]> {
  const times: [number[], number[]] = [[], []]
  for (const opened of both) await countTasks(opened)
  for (let from = 0; from < count; from += TURN) {
    for (const side of [0, 1] as const) {
      await both[side].page.bringToFront()
      for (let run = from; run < Math.min(count, from + TURN); run += 1)
        times[side].push(await runCost(both[side], run))
    }
  }
  return times
}

/** Median ms of a start with and without, in turns, with a warm cache. */
async function starts(both: readonly [Measuring, Measuring], labs: readonly [Lab, Lab]): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []]
  for (let round = 0; round < START_ROUNDS; round += 1) {
    for (const side of [0, 1] as const) {
      await both[side].page.bringToFront()
      times[side].push(await loadLab(both[side].page, labs[side].address))
    }
  }
  return [quantile(times[0], 0.5), quantile(times[1], 0.5)]
}

/** Bytes that the page sends for as many edits and runs as a student makes in an hour, each in a batch of its own. */
async function hourBytes({ page, session }: Measuring, port: number): Promise<number> {
  const sent = await countSent(session, port)
  await page.reload()
  await loadLab(page, page.url())
  await kernelAnswers(page)
  const cell = page.locator('.jp-Notebook .jp-CodeCell .cm-content').first()
  for (let run = 0; run < RUNS_AN_HOUR; run += 1) {
    await cell.click()
    await page.keyboard.press('Control+A')
    await page.keyboard.type(`${EDIT}${run}`)
    await page.keyboard.press('Control+Enter')
    await page.waitForTimeout(BATCH_MS)
  }
  return sent()
}

/** Bytes that a browser loads, gzipped. */
function bundleBytes(): number {
  const scripts = readdirSync(SCRIPTS).filter((name) => name.endsWith('.js'))
  return scripts.reduce((sum, name) => sum + gzipSync(readFileSync(join(SCRIPTS, name))).byteLength, 0)
}

const { values } = parseArgs({
  options: { cells: { type: 'string', default: '1000' }, timed: { type: 'string', default: '200' } },
})
const cells = Number(values.cells)
await using server = await startMeasuredServer()
const settings = { server: server.url, code: server.code, name: 'Measured' }
await using withIt = await startLab({ settings, cells })
await using withoutIt = await startLab({ cells })
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
try {
  const both = [await open(browser, withIt, LEVEL), await open(browser, withoutIt)] as const
  const { times, grown, whole } = await runBoth(both, cells)
  const [p50, p99] = [0.5, 0.99].map((part) => times.map((side) => quantile(side, part)))
  const sides = (middle: readonly number[] = [], most: readonly number[] = []) => ({
    with: { p50: rounded(middle[0] ?? Number.NaN, 2), p99: rounded(most[0] ?? Number.NaN, 2) },
    without: { p50: rounded(middle[1] ?? Number.NaN, 2), p99: rounded(most[1] ?? Number.NaN, 2) },
  })
  const taken = await costs(both, Number(values.timed))
  const [startWith, startWithout] = await starts(both, [withIt, withoutIt])
  const added = ([one = 0, other = 0]: readonly number[] = []) => rounded(one - other, 2)
  const mainMs = [0.5, 0.99].map((part) => taken.map((side) => quantile(side, part)))
  const result = {
    cells,
    runMs: sides(p50, p99),
    mainThreadMs: sides(mainMs[0], mainMs[1]),
    addedMs: { p50: added(mainMs[0]), p99: added(mainMs[1]) },
    heapMiB: { added: added(whole), grown: added(grown) },
    startMs: { with: rounded(startWith), without: rounded(startWithout), added: added([startWith, startWithout]) },
    bundleBytes: bundleBytes(),
    hourBytes: await hourBytes(both[0], server.port),
    goal: { addedMs: { p99: 2 }, heapMiB: 5, bundleBytes: 60 * 1024 },
  }
  printTable(
    ['', 'measured', 'goal'],
    [
      ['ms added to a run, p50', result.addedMs.p50, '-'],
      ['ms added to a run, p99', result.addedMs.p99, 2],
      [`MiB of heap added after ${cells} runs`, result.heapMiB.added, 5],
      ['ms added to the start', result.startMs.added, '-'],
      ['bytes of the bundle, gzipped', result.bundleBytes, 60 * 1024],
      ['bytes sent in an hour of class', result.hourBytes, '-'],
    ],
  )
  finish('extension', result)
} finally {
  await browser.close()
}
