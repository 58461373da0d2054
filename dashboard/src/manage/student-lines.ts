import { LIMITS, type NewStudents } from '@lectern/protocol'

/** Students as typed or pasted: one a line. `faults`: numbers of lines that name no student, from 1. */
export interface StudentLines {
  readonly students: NewStudents['students']
  readonly faults: readonly number[]
}

const BETWEEN = /[\t,，、;]/
const ADDRESS = /^[^\s@]+@[^\s@]+$/

/** Reads name, address and group of each line, in this order, between tabs or commas. */
export function readStudentLines(text: string): StudentLines {
  const students: NewStudents['students'] = []
  const faults: number[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    const [name = '', email = '', team = ''] = line.split(BETWEEN).map((part) => part.trim())
    const isLong = name.length > LIMITS.nameChars || team.length > LIMITS.nameChars
    if (name === '' || isLong || (email !== '' && !ADDRESS.test(email))) faults.push(index + 1)
    else students.push({ name, ...(email === '' ? {} : { email }), ...(team === '' ? {} : { team }) })
  }
  return { students, faults }
}
