import type { ClassInfo, ClassRole } from '@lectern/protocol'
import { classInfo, type ClassRow } from '../directory/classes.ts'
import { plannedNext } from '../lessons/timetable.ts'
import type { HttpParts } from './parts.ts'

/** Tells clients of a class, with what other parts know of it. `counts`: students by class, where they are known already. */
export function createInfo({ auth, directory, log, clock }: Pick<HttpParts, 'auth' | 'directory' | 'log' | 'clock'>) {
  const { students, lessons, timetables } = directory

  return async (row: ClassRow, role: ClassRole, counts?: ReadonlyMap<string, number>): Promise<ClassInfo> => {
    const { id, ended_at: endedAt } = row
    const [count, firstEventAt, lesson, lastLesson] = await Promise.all([
      counts ?? students.counts(),
      log.firstEventAt(id),
      lessons.open(id),
      lessons.last(id),
    ])
    // What has ended has no next lesson, whatever its timetable says.
    const nextLesson = endedAt === null ? plannedNext(await timetables.get(id), clock())?.from : undefined
    const around = { firstEventAt, lesson, lastLesson, nextLesson, hasHub: auth.hub !== undefined }
    return classInfo(row, { role, students: count.get(id) ?? 0, ...around })
  }
}
