import type { Audit } from '../audit/audit.ts'
import type { Directory } from '../directory/directory.ts'
import type { Logger } from '../monitor/logger.ts'
import { startRunner, type Runner } from '../workers/runner.ts'
import { plannedNow } from './timetable.ts'

/** A lesson of the timetable begins and ends so long after its time at the latest. */
const LOOK_EVERY_MS = 5_000

interface LessonRunnerOptions {
  directory: Pick<Directory, 'lessons' | 'timetables'>
  audit: Audit
  logger: Logger
  /** Milliseconds since the epoch. */
  clock: () => number
}

/** One look at the clock: ends the lessons whose time is over and begins those of the timetable (SPEC LES-2). Gives how many. */
export async function keepTime({ directory, audit, logger, clock }: LessonRunnerOptions): Promise<number> {
  const { lessons, timetables } = directory
  const ended = await lessons.endOverdue()
  for (const { class: classId, lesson } of ended) {
    await audit.record({ actor: 'system', action: 'lesson_ended', class: classId, target: lesson })
    logger.info({ class: classId, lesson }, 'lesson ended by the clock')
  }
  let begun = 0
  for (const classId of await timetables.classes()) {
    const planned = plannedNow(await timetables.get(classId), clock())
    const lesson = planned && (await lessons.hold(classId, planned))
    if (!lesson) continue
    begun += 1
    await audit.record({ actor: 'system', action: 'lesson_begun', class: classId, target: lesson.id })
    logger.info({ class: classId, lesson: lesson.id }, 'lesson of the timetable')
  }
  return ended.length + begun
}

/** Starts what begins and ends lessons by the server's clock. */
export function startLessonRunner(options: LessonRunnerOptions): Runner {
  return startRunner({
    name: 'lessons',
    step: async () => ({ handled: await keepTime(options), lag: 0 }),
    everyMs: LOOK_EVERY_MS,
    clock: options.clock,
    random: Math.random,
    onFailure: (err) => options.logger.error({ err }, 'lessons could not be kept'),
  })
}
