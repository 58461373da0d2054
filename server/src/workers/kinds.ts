import { join } from 'node:path'
import type { AttentionRules, StateAnswer } from '@lectern/protocol'
import type { LogFiles } from '../store/store.ts'
import type { Log } from '../log/log.ts'

/** What kinds are prepared from. */
export interface KindParts {
  dataDir: string
  logFiles: LogFiles
  log: Pick<Log, 'state'>
  /** Pseudonymous ids of everybody in a class. */
  studentsOf: (classId: string) => Promise<string[]>
}

/** What a job is to do, by kind. */
export interface JobPayload {
  class?: string
  /** Times between which it looks, ms. */
  from?: number
  to?: number
  /** Name of an uploaded file, and what its sender says that it is. */
  upload?: string
  type?: string
  /** Rules to try. */
  rules?: AttentionRules[]
  /** What is due is only listed. */
  dryRun?: boolean
  /** Who asked for it: an id of the staff, `script`, or `system`. */
  by?: string
}

/** A kind of job: what it is, how it is run, and with which patience. */
export interface JobKind {
  readonly what: string
  /** True if it works on one class. */
  readonly ofClass: boolean
  /** Exported function of `job-thread.ts`; without one, a part of the main thread does it (`Workers.serve`). */
  readonly thread?: string
  readonly timeoutMs: number
  readonly attempts: number
  readonly priority: number
  /** Put off while the server is short of something. */
  readonly sheds?: 'exports'
  /** Its jobs stay until somebody removes them. */
  readonly isKept?: true
  /** Files that a job leaves in the data folder; they are removed with its row. */
  readonly files?: (dataDir: string, id: number) => string[]
  /** Files that a job needs only until it has ended. */
  readonly spends?: (dataDir: string, payload: JobPayload) => string[]
  /** False for kinds that are not started by hand. */
  readonly isOffered?: false
  /** The input of the thread, made when an attempt begins. */
  readonly prepare: (payload: JobPayload, job: { id: number }, parts: KindParts) => Promise<unknown>
}

const MINUTE_MS = 60_000

/** Where the performance report lies. */
export const reportFolder = (dataDir: string): string => join(dataDir, 'report')

/** Where the result of an export lies; until it is whole its name ends in `.part`. */
export const exportFile = (dataDir: string, id: number): string => join(dataDir, 'exports', `${id}.jsonl`)

/** Where a report of a lesson lies, sealed; until it is whole its name ends in `.part`. */
export const lessonReportFile = (dataDir: string, id: number): string => join(dataDir, 'reports', `${id}.sealed`)

/** Where pictures wait to be worked on. */
export const uploadFolder = (dataDir: string): string => join(dataDir, 'uploads')

/** An uploaded file; what is made of it lies beside it. */
export const uploadFile = (dataDir: string, name: string): string => join(uploadFolder(dataDir), name)

/** What a thread needs to read a class up to now, and its state now. */
export async function topOf({ log, logFiles }: KindParts, classId: string) {
  const live = JSON.parse(Buffer.from(await log.state(classId)).toString('utf8')) as StateAnswer
  return { of: { log: logFiles, class: classId, top: live.offset }, live }
}

/** Every kind of job. A new one is an entry here and a function in `job-thread.ts`. */
export const KINDS: Readonly<Record<string, JobKind>> = {
  export: {
    what: 'Write all events of a class as JSON Lines',
    ofClass: true,
    thread: 'exportClass',
    timeoutMs: 30 * MINUTE_MS,
    attempts: 3,
    priority: 0,
    sheds: 'exports',
    files: (dataDir, id) => [exportFile(dataDir, id), `${exportFile(dataDir, id)}.part`],
    prepare: async ({ class: classId = '' }, { id }, parts) => ({
      ...(await topOf(parts, classId)).of,
      target: exportFile(parts.dataDir, id),
    }),
  },
  image: {
    what: 'Check a picture and make it anew',
    ofClass: true,
    thread: 'image',
    timeoutMs: MINUTE_MS,
    attempts: 2,
    // Somebody waits for it.
    priority: 10,
    isOffered: false,
    spends: (dataDir, { upload = '' }) => [uploadFile(dataDir, upload), `${uploadFile(dataDir, upload)}.webp`],
    prepare: async ({ upload = '', type = '' }, _, { dataDir }) => {
      const source = uploadFile(dataDir, upload)
      return { source, type, target: `${source}.webp` }
    },
  },
  'lesson-report': {
    what: 'Report on the last lesson of a class',
    ofClass: true,
    thread: 'lessonReport',
    timeoutMs: 30 * MINUTE_MS,
    attempts: 3,
    priority: 1,
    sheds: 'exports',
    isKept: true,
    files: (dataDir, id) => [lessonReportFile(dataDir, id), `${lessonReportFile(dataDir, id)}.part`],
    prepare: async ({ class: classId = '', from, to }, { id }, parts) => ({
      ...(await topOf(parts, classId)).of,
      asked: { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) },
      roster: await parts.studentsOf(classId),
      target: lessonReportFile(parts.dataDir, id),
    }),
  },
  'rules-trial': {
    what: 'Try rules of attention on a lesson',
    ofClass: true,
    thread: 'rulesTrial',
    timeoutMs: 10 * MINUTE_MS,
    attempts: 2,
    // Somebody waits for it.
    priority: 10,
    sheds: 'exports',
    isOffered: false,
    prepare: async ({ class: classId = '', from, to, rules = [] }, _, parts) => ({
      ...(await topOf(parts, classId)).of,
      asked: { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) },
      rules,
    }),
  },
  replay: {
    what: 'Fold a class anew from its first event and compare with the live state',
    ofClass: true,
    thread: 'replay',
    timeoutMs: 30 * MINUTE_MS,
    attempts: 2,
    priority: 5,
    prepare: async ({ class: classId = '' }, _, parts) => {
      const { of, live } = await topOf(parts, classId)
      return { ...of, live }
    },
  },
  report: {
    what: 'Measure this machine and write the performance report; it slows everything down for some minutes',
    ofClass: false,
    thread: 'report',
    timeoutMs: 20 * MINUTE_MS,
    attempts: 1,
    priority: 0,
    sheds: 'exports',
    prepare: async (_, __, { dataDir }) => ({ folder: reportFolder(dataDir) }),
  },
  retention: {
    what: 'Remove the classes whose time is over',
    ofClass: false,
    timeoutMs: 60 * MINUTE_MS,
    attempts: 3,
    priority: 5,
    isKept: true,
    // It has a page of its own.
    isOffered: false,
    prepare: async (payload) => payload,
  },
  verify: {
    what: 'Read all databases and check them',
    ofClass: false,
    thread: 'verify',
    timeoutMs: 60 * MINUTE_MS,
    attempts: 2,
    priority: 5,
    prepare: async (_, __, { dataDir }) => ({ folder: dataDir }),
  },
}
