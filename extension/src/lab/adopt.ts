import type { Client } from '../core/client.ts'
import type { OpenRun } from '../core/outbox.ts'
import type { KernelSeat } from './outlive.ts'
import type { PageRoll } from './page-roll.ts'
import type { watchAll } from './watch-all.ts'

const seatOf = ({ kernel, client }: OpenRun): KernelSeat => ({ kernel, client })

/** Hears out the runs of pages that were reloaded, closed or crashed while a kernel was still at work for them. */
export async function adoptRuns(
  client: Client,
  roll: PageRoll,
  { adopt }: Pick<ReturnType<typeof watchAll>, 'adopt'>,
): Promise<void> {
  const orphans = await client.orphans(await roll.call())
  const bySeat = Map.groupBy(orphans, (run) => JSON.stringify(seatOf(run)))
  for (const runs of bySeat.values()) {
    const [first] = runs
    if (!first) continue
    const left = runs.map(({ id, request, code, notebook, cell }) => ({
      request,
      code,
      place: { notebook: () => notebook, cell, run: id },
    }))
    adopt(seatOf(first), left)
  }
}
