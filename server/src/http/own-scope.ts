import type { FastifyRequest } from 'fastify'
import type { StudentPrincipal } from '../auth/principal.ts'
import { CodedError } from '../errors.ts'
import { studentOf } from './rights.ts'

/** Declarations of routes for what is the student's own: reading, and changing something. */
export const OWN_READ = { rights: ['student'], needs: 'own.read', rate: 'reads', cost: 'light', cors: true } as const
export const OWN_WRITE = { ...OWN_READ, rate: 'writes', cost: 'medium' } as const

/** The student who asks. Throws `forbidden` unless it is known to be that student, and not somebody who knows the address (SPEC JOI-2). */
export function provenStudentOf(request: FastifyRequest): StudentPrincipal {
  const student = studentOf(request)
  if (!student.byAddress) return student
  throw new CodedError(
    'forbidden',
    'This machine joined as a known student by the address alone. Use the machine you joined with first, or ask the instructor for a code of your own.',
  )
}
