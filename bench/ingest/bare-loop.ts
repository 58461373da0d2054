import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteLog } from '../../server/src/store/sqlite.ts'
import type { NewEvent } from '../../server/src/store/store.ts'
import { createBatch } from './batches.ts'

const GROUP = 1000
const STUDENTS = 64

/** Events a second that a bare loop puts into the same table in groups of 1,000: nothing is parsed, checked or folded. */
export async function bareLoop(seconds: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'lectern-bench-'))
  const store = openSqliteLog({ file: join(folder, 'log.db') })
  const installs = Array.from(
    { length: STUDENTS },
    (_, index) => `0192f0c1-7b1a-4c3e-9d55-${String(index).padStart(12, '0')}`,
  )
  const batch = createBatch({ install: installs[0] ?? '', count: GROUP, number: 1, head: '{' })
  let events = 0
  let spent = 0
  while (spent < seconds * 1000) {
    batch.renew()
    const { events: parsed } = JSON.parse(batch.bytes.toString('utf8')) as { events: NewEvent[] }
    const received = Date.now()
    const group = parsed.map((event, index): NewEvent => {
      const student = index % STUDENTS
      return {
        ...event,
        class: 'k1',
        student: `s${student}`,
        install: installs[student] ?? '',
        received,
        time: received,
      }
    })
    const began = performance.now()
    await store.append({ events: group, refused: [] })
    spent += performance.now() - began
    events += GROUP
  }
  await store.close()
  rmSync(folder, { recursive: true, force: true })
  return Math.round(events / (spent / 1000))
}
