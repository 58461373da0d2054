import type { ErasureReport } from '@lectern/protocol'
import type { Audit } from '../audit/audit.ts'
import type { Auth } from '../auth/auth.ts'
import type { Directory } from '../directory/directory.ts'
import type { Shadows } from '../flags/shadows.ts'
import type { Vault } from '../keys/vault.ts'
import type { Log } from '../log/log.ts'
import type { Logger } from '../monitor/logger.ts'
import type { WorkSystem } from '../workers/start.ts'

/** What an erasure reaches. */
export interface ErasureParts {
  directory: Directory
  vault: Vault
  log: Log
  auth: Auth
  work: WorkSystem
  shadows: Shadows
  audit: Audit
  logger: Logger
}

/** Who asks for it: an id of the staff or of the student, `script`, or `system`. */
interface Asked {
  class: string
  actor: string
}

/** Makes people forgotten, everywhere, also in copies that were made before (SPEC PRI-2, PRI-3, PRI-4). */
export interface Erasure {
  /** Throws `not_found` when the class has no such student. */
  student(asked: Asked & { student: string }): Promise<ErasureReport>
  /** Removes everything of a class but its name and settings. */
  class(asked: Asked): Promise<ErasureReport>
  /** Ends what a stop of the server broke off. */
  resume(): Promise<void>
}

/** Makes the erasure over its parts. */
export function createErasure(parts: ErasureParts): Erasure {
  const { directory, vault, log, auth, work, shadows, audit, logger } = parts

  /** Everything that was made of the log of a class and may hold what a student wrote. */
  async function forgetCopies(classId: string, student?: string): Promise<void> {
    await work.forget(classId, student)
    await shadows.restart()
  }

  async function eraseStudent(classId: string, student: string): Promise<number> {
    await auth.revokeStudent(classId, student)
    // First the key: from here on no copy can be read, whatever happens to the rest.
    vault.destroy({ class: classId, student })
    const events = await log.erase(classId, student)
    await forgetCopies(classId, student)
    directory.consents.drop({ class: classId, student })
    await directory.students.erase(classId, student)
    return events
  }

  async function eraseClass(classId: string): Promise<number> {
    const students = await directory.students.ids(classId)
    for (const student of students) await auth.revokeStudent(classId, student)
    vault.destroyClass(classId)
    await log.eraseClass(classId)
    await forgetCopies(classId)
    for (const student of students) directory.consents.drop({ class: classId, student })
    await directory.codes.removeAll(classId)
    await directory.students.erase(classId)
    await directory.classes.cleared(classId)
    return students.length
  }

  return {
    async student({ class: classId, student, actor }) {
      await directory.students.get(classId, student)
      const began = performance.now()
      const events = await eraseStudent(classId, student)
      await audit.record({ actor, action: 'student_erased', class: classId, target: student, details: { events } })
      logger.info({ class: classId, student, events }, 'student erased')
      return { students: 1, events, ms: Math.round(performance.now() - began) }
    },

    async class({ class: classId, actor }) {
      const began = performance.now()
      const events = (await log.tops()).get(classId) ?? 0
      const students = await eraseClass(classId)
      await audit.record({ actor, action: 'class_erased', class: classId, details: { students, events } })
      logger.info({ class: classId, students, events }, 'class erased')
      return { students, events, ms: Math.round(performance.now() - began) }
    },

    async resume() {
      for (const { id } of await directory.classes.list()) {
        for (const student of await directory.students.ids(id)) {
          if (!vault.erased({ class: id, student })) continue
          const events = await eraseStudent(id, student)
          await audit.record({
            actor: 'system',
            action: 'student_erased',
            class: id,
            target: student,
            details: { events },
          })
        }
      }
    },
  }
}
