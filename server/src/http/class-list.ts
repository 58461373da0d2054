import { ClassInfo, ClassList, NewClass, type ClassRole } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import type { StaffPrincipal } from '../auth/principal.ts'
import { classInfo, type ClassRow } from '../directory/classes.ts'
import { CodedError } from '../errors.ts'
import { READ, WRITE } from './class-scope.ts'
import type { HttpParts } from './parts.ts'
import { staffOf } from './rights.ts'

interface SeenClass {
  row: ClassRow
  role: ClassRole
}

/** Classes as a list. */
export async function classListRoutes(app: FastifyInstance, parts: HttpParts): Promise<void> {
  const { auth, directory, log, logger } = parts
  const hasHub = auth.hub !== undefined
  const info = async ({ row, role }: SeenClass, students: number) =>
    classInfo(row, { role, students, firstEventAt: await log.firstEventAt(row.id), hasHub })
  const seenBy = async ({ role, user }: StaffPrincipal): Promise<SeenClass[]> => {
    if (role === 'admin') return (await directory.classes.list()).map((row) => ({ row, role }))
    return user === undefined ? [] : directory.classes.listOf(user)
  }

  app.get(
    '',
    { config: READ, schema: { summary: 'Classes one may see', response: { 200: ClassList } } },
    async (request): Promise<ClassList> => {
      const seen = await seenBy(staffOf(request))
      const counts = await directory.students.counts()
      return { classes: await Promise.all(seen.map((one) => info(one, counts.get(one.row.id) ?? 0))) }
    },
  )

  app.post<{ Body: NewClass }>(
    '',
    {
      config: { ...WRITE, needs: 'classes.make', audits: 'class_made' },
      schema: { summary: 'Make a class', body: NewClass, response: { 201: ClassInfo } },
    },
    async (request, reply) => {
      const { user, role: own } = staffOf(request)
      if (own === 'member') throw new CodedError('forbidden', 'This needs the role: instructor or administrator.')
      const row = await directory.classes.create(request.body, user ?? null)
      logger.info({ class: row.id }, 'class made')
      request.deed = { class: row.id, details: { level: row.level } }
      return reply.code(201).send(await info({ row, role: own === 'admin' ? own : 'instructor' }, 0))
    },
  )
}
