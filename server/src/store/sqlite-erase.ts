import type { DatabaseSync } from 'node:sqlite'
import { sealedPrefix, studentText } from './event-row.ts'
import { CLASS_SPAN } from './sqlite-events.ts'

const EMPTY_EVENTS =
  'UPDATE events SET type = ?, data = NULL, at = 0, session = NULL, notebook = NULL, cell = NULL, clock_off = NULL WHERE n > ? AND n < ? AND student = ?'
const REMOVE_CONTENTS = 'DELETE FROM contents WHERE n > ? AND n < ? AND student = ?'
const REMOVE_CONFLICTS =
  'DELETE FROM conflicts WHERE class = ? AND first IN (SELECT n - ? FROM events WHERE n > ? AND n < ? AND student = ?)'
const REMOVE_TERMS = 'DELETE FROM terms WHERE substr(text, 1, length(?1)) = ?1'
const REMOVE_CHECKPOINTS = 'DELETE FROM checkpoints WHERE class = ?'

interface Erased {
  /** Number of the class, of the student, and of the type of an erased event. */
  class: number
  student: number
  type: number
}

/** Takes out of the tables what a student wrote, and what was made of it; returns how many events there were. */
export function eraseRows(db: DatabaseSync, { class: n, student, type }: Erased): number {
  const [from, to] = [n * CLASS_SPAN, (n + 1) * CLASS_SPAN]
  // Pages that are given back are overwritten, too.
  db.exec('PRAGMA secure_delete = ON')
  db.prepare(REMOVE_CONFLICTS).run(n, from, from, to, student)
  const { changes } = db.prepare(EMPTY_EVENTS).run(type, from, to, student)
  db.prepare(REMOVE_CONTENTS).run(from, to, student)
  db.prepare(REMOVE_TERMS).run(sealedPrefix(student))
  db.prepare(REMOVE_CHECKPOINTS).run(n)
  db.exec('PRAGMA secure_delete = OFF')
  return Number(changes)
}

/** Takes a whole class out of the tables. Dictionary texts that other classes share stay. */
export function eraseClassRows(db: DatabaseSync, { class: n, id }: { class: number; id: string }): void {
  const ofClass = studentText(id, '')
  const range = [n * CLASS_SPAN, (n + 1) * CLASS_SPAN] as const
  db.exec('PRAGMA secure_delete = ON')
  const students = db.prepare('SELECT n FROM terms WHERE substr(text, 1, length(?1)) = ?1').all(ofClass)
  for (const { n: student } of students) {
    db.prepare(REMOVE_TERMS).run(sealedPrefix(Number(student)))
    db.prepare('DELETE FROM installs WHERE student = ?').run(Number(student))
    db.prepare('DELETE FROM refused WHERE student = ?').run(Number(student))
  }
  db.prepare('DELETE FROM events WHERE n > ? AND n < ?').run(...range)
  db.prepare('DELETE FROM contents WHERE n > ? AND n < ?').run(...range)
  db.prepare('DELETE FROM conflicts WHERE class = ?').run(n)
  db.prepare(REMOVE_CHECKPOINTS).run(n)
  db.prepare(REMOVE_TERMS).run(ofClass)
  db.prepare('DELETE FROM classes WHERE n = ?').run(n)
  db.exec('PRAGMA secure_delete = OFF')
}
