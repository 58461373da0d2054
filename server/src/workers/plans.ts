import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import type { PlanInfo } from '@lectern/protocol'
import { sql } from 'kysely'
import { CodedError } from '../errors.ts'
import type { Effect, JobRow, Jobs } from './jobs.ts'
import { uploadFile, uploadFolder, type JobPayload } from './kinds.ts'
import type { Reencoded } from './image.ts'
import type { WorkDatabase } from './schema.ts'
import type { Workers } from './workers.ts'

const KIND = 'image'
/** Whoever uploads waits so long for the result. */
const WAIT_MS = 10_000
const NAME_BYTES = 12

/** What the thread says of a picture: the bytes that it made lie in a file. */
export type ImageResult = Exclude<Reencoded, { ok: true }> | Omit<Extract<Reencoded, { ok: true }>, 'bytes'>

interface PlansOptions {
  db: WorkDatabase
  workers: Workers
  dataDir: string
}

/** The pictures of the rooms of classes. */
export interface Plans {
  /**
   * Puts a picture in the place of the last one; undefined while that still goes on. Throws `unsupported_media`, `too_large` or
   * `bad_request` for what is no picture that is taken.
   */
  put(classId: string, picture: { type: string; bytes: Uint8Array }): Promise<PlanInfo | undefined>
  /** The picture as WebP. Throws `not_found`. */
  get(classId: string): Promise<{ info: PlanInfo; webp: Uint8Array }>
  /** What is known of the picture, without its bytes; undefined when there is none. */
  info(classId: string): Promise<PlanInfo | undefined>
  /** Gives another class the same picture, where there is one. */
  copy(from: string, to: string): Promise<void>
  /** Throws `not_found`. */
  remove(classId: string): Promise<void>
}

const payloadOf = ({ payload }: JobRow) => JSON.parse(payload) as JobPayload

/** Keeps the picture that a job has made, together with the end of the job. */
export function keepPlan(dataDir: string, clock: () => number): Effect {
  return async (tx, job, result) => {
    const { class: classId = '', upload = '' } = payloadOf(job)
    const made = result as ImageResult
    if (!made.ok) return
    const { width, height } = made
    const webp = await readFile(`${uploadFile(dataDir, upload)}.webp`)
    const row = { width, height, webp, changed_at: clock() }
    await tx
      .insertInto('plans')
      .values({ class_id: classId, ...row })
      .onConflict((conflict) => conflict.column('class_id').doUpdateSet(row))
      .execute()
  }
}

/** Removes uploads that no job waits for: the server ended between the two. */
export async function sweepUploads(dataDir: string, jobs: Pick<Jobs, 'ofKind'>): Promise<void> {
  const waiting = (await jobs.ofKind(KIND)).filter(({ state }) => state === 'waiting' || state === 'running')
  const needed = new Set(waiting.map((row) => payloadOf(row).upload))
  const names = await readdir(uploadFolder(dataDir)).catch(() => [])
  for (const name of names) {
    const [upload = ''] = name.split('.')
    if (!needed.has(upload)) await rm(uploadFile(dataDir, name), { force: true })
  }
}

/** Makes the pictures over jobs and rows. */
export function createPlans({ db, workers, dataDir }: PlansOptions): Plans {
  async function find(classId: string) {
    const row = await db.selectFrom('plans').selectAll().where('class_id', '=', classId).executeTakeFirst()
    if (!row) throw new CodedError('not_found', 'This class has no picture of its room.')
    const { width, height, webp, changed_at: changedAt } = row
    return { info: { width, height, bytes: webp.byteLength, changedAt }, webp }
  }

  return {
    async put(classId, { type, bytes }) {
      const upload = randomBytes(NAME_BYTES).toString('hex')
      await mkdir(uploadFolder(dataDir), { recursive: true, mode: 0o700 })
      await writeFile(uploadFile(dataDir, upload), bytes, { mode: 0o600 })
      const { id } = await workers.add(KIND, { class: classId, upload, type })
      const row = await workers.ended(id, WAIT_MS)
      if (row.state === 'dead') throw new CodedError('internal', 'The picture could not be worked on.')
      if (row.state !== 'done') return undefined
      const result = JSON.parse(row.result ?? '{}') as ImageResult
      if (!result.ok) throw new CodedError(result.code, result.detail)
      return (await find(classId)).info
    },
    get: find,
    async info(classId) {
      const bytes = sql<number>`length(webp)`.as('bytes')
      const row = db.selectFrom('plans').select(['width', 'height', bytes, 'changed_at as changedAt'])
      return row.where('class_id', '=', classId).executeTakeFirst()
    },
    async copy(from, to) {
      const row = await db.selectFrom('plans').selectAll().where('class_id', '=', from).executeTakeFirst()
      if (row)
        await db
          .insertInto('plans')
          .values({ ...row, class_id: to })
          .execute()
    },
    async remove(classId) {
      await find(classId)
      await db.deleteFrom('plans').where('class_id', '=', classId).execute()
    },
  }
}
