import { readFile } from 'node:fs/promises'
import type { LessonReport, LessonReportAnswer, LessonReportInfo, NewLessonReport } from '@lectern/protocol'
import { CodedError } from '../errors.ts'
import { ofClass, type Vault } from '../keys/vault.ts'
import type { JobRow, Jobs } from './jobs.ts'
import { lessonReportFile, type JobPayload } from './kinds.ts'
import { LESSON_CONTEXT } from './lesson-seal.ts'
import type { Workers } from './workers.ts'

const KIND = 'lesson-report'
/** Reports of one class. */
const MOST = 100

interface LessonReportsOptions {
  jobs: Jobs
  workers: Workers
  vault: Pick<Vault, 'open'>
  dataDir: string
}

/** Reports of lessons, each the result of a job. What is of another class is not found. */
export interface LessonReports {
  /** Throws `conflict` when the class has as many reports as it may, `bad_request` when `to` lies before `from`. */
  make(classId: string, asked: NewLessonReport): Promise<LessonReportInfo>
  /** The newest first. */
  list(classId: string): Promise<LessonReportInfo[]>
  /** Throws `not_found`. */
  get(classId: string, id: number): Promise<LessonReportAnswer>
  /** Throws `not_found`, or `conflict` while it is made. */
  remove(classId: string, id: number): Promise<void>
  /** Removes all of a class: somebody in it shares no more, or shares again. What is being made is begun anew. */
  forget(classId: string): Promise<void>
}

/** Makes the reports over the jobs. */
export function createLessonReports({ jobs, workers, vault, dataDir }: LessonReportsOptions): LessonReports {
  const payloadOf = ({ payload }: JobRow) => JSON.parse(payload) as JobPayload

  function infoOf(row: JobRow): LessonReportInfo {
    const { from, to } = payloadOf(row)
    const { id, state, createdAt, progress, reason } = workers.info(row)
    return {
      id,
      state,
      createdAt,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(row.result === null ? {} : (JSON.parse(row.result) as Pick<LessonReportInfo, 'from' | 'to' | 'students'>)),
      ...(progress === undefined ? {} : { progress }),
      ...(reason === undefined ? {} : { reason }),
    }
  }

  const rowsOf = async (classId: string) => (await jobs.ofKind(KIND)).filter((row) => payloadOf(row).class === classId)

  async function rowOf(classId: string, id: number): Promise<JobRow> {
    const row = await jobs.get(id).catch(() => undefined)
    if (row?.kind !== KIND || payloadOf(row).class !== classId) throw new CodedError('not_found', 'No such report.')
    return row
  }

  return {
    async make(classId, { from, to }) {
      if (from !== undefined && to !== undefined && to < from)
        throw new CodedError('bad_request', '`to` is before `from`.')
      if ((await rowsOf(classId)).length >= MOST) {
        throw new CodedError('conflict', `A class keeps ${MOST} reports; remove one first.`)
      }
      const asked = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
      return infoOf(await workers.add(KIND, { class: classId, ...asked }))
    },
    list: async (classId) => (await rowsOf(classId)).map(infoOf),
    async get(classId, id) {
      const row = await rowOf(classId, id)
      const info = infoOf(row)
      if (info.state !== 'done') return { info }
      const sealed = await readFile(lessonReportFile(dataDir, id)).catch(() => undefined)
      const text = sealed && vault.open(ofClass(classId), sealed, LESSON_CONTEXT)
      if (!text) throw new CodedError('not_found', 'The report is gone; make it again.')
      return { info, report: JSON.parse(text.toString('utf8')) as LessonReport }
    },
    forget: (classId) => workers.forget(classId, KIND),
    async remove(classId, id) {
      await workers.remove((await rowOf(classId, id)).id)
    },
  }
}
