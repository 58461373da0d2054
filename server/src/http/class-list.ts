import { ClassInfo, ClassList, NewClass } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import { classInfo, type ClassRow } from '../directory/classes.ts'
import { READ, WRITE } from './class-scope.ts'
import type { HttpParts } from './parts.ts'
import { staffOf } from './rights.ts'

/** Classes as a list. */
export async function classListRoutes(app: FastifyInstance, parts: HttpParts): Promise<void> {
  const { directory, log, logger } = parts
  const info = async (row: ClassRow, students: number) =>
    classInfo(row, { students, firstEventAt: await log.firstEventAt(row.id) })

  app.get(
    '',
    { config: READ, schema: { summary: 'Classes one may see', response: { 200: ClassList } } },
    async (request): Promise<ClassList> => {
      const { role, user } = staffOf(request)
      const rows = await directory.classes.list(role === 'admin' ? undefined : user)
      const counts = await directory.students.counts()
      return { classes: await Promise.all(rows.map((row) => info(row, counts.get(row.id) ?? 0))) }
    },
  )

  app.post<{ Body: NewClass }>(
    '',
    {
      config: { ...WRITE, audits: 'class_made' },
      schema: { summary: 'Make a class', body: NewClass, response: { 201: ClassInfo } },
    },
    async (request, reply) => {
      const row = await directory.classes.create(request.body, staffOf(request).user ?? null)
      logger.info({ class: row.id }, 'class made')
      request.deed = { class: row.id, details: { level: row.level } }
      return reply.code(201).send(await info(row, 0))
    },
  )
}
