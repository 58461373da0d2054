import { ClassCopy, ClassInfo, ClassList, NewClass, type ClassRole } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import type { StaffPrincipal } from '../auth/principal.ts'
import type { ClassRow } from '../directory/classes.ts'
import { CodedError } from '../errors.ts'
import { createInfo } from './class-info.ts'
import { ClassParams, ONE_CLASS, READ, WRITE } from './class-scope.ts'
import type { HttpParts } from './parts.ts'
import { classOf, roleOf, staffOf } from './rights.ts'

interface SeenClass {
  row: ClassRow
  role: ClassRole
}

/** Classes as a list. */
export async function classListRoutes(app: FastifyInstance, parts: HttpParts): Promise<void> {
  const { directory, logger, work } = parts
  const info = createInfo(parts)
  /** Throws `forbidden` unless the account may make classes, whatever it is in one. */
  const requireMaker = ({ role }: StaffPrincipal): void => {
    if (role === 'member') throw new CodedError('forbidden', 'This needs the role: instructor or administrator.')
  }
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
      return { classes: await Promise.all(seen.map(({ row, role }) => info(row, role, counts))) }
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
      requireMaker(staffOf(request))
      const row = await directory.classes.create(request.body, user ?? null)
      logger.info({ class: row.id }, 'class made')
      request.deed = { class: row.id, details: { level: row.level } }
      return reply.code(201).send(await info(row, own === 'admin' ? own : 'instructor'))
    },
  )

  app.post<{ Body: ClassCopy }>(
    `${ONE_CLASS}/copy`,
    {
      config: { ...WRITE, needs: 'class.edit', audits: 'class_copied', whenArchived: true },
      schema: {
        summary: 'Make a class like another, without what its students did',
        params: ClassParams,
        body: ClassCopy,
        response: { 201: ClassInfo },
      },
    },
    async (request, reply) => {
      const source = classOf(request).id
      const { user, role: own } = staffOf(request)
      requireMaker(staffOf(request))
      const { name, roster = false } = request.body
      const row = await directory.copies.make(source, { name, creator: user ?? null })
      await work.plans.copy(source, row.id)
      if (roster) await directory.students.enlist(row.id, (await directory.students.roster(source)).students)
      logger.info({ class: row.id, source, roster }, 'class copied')
      request.deed = { target: row.id, details: { roster } }
      return reply.code(201).send(await info(row, own === 'admin' ? own : 'instructor'))
    },
  )

  app.delete(
    ONE_CLASS,
    {
      config: { ...WRITE, needs: 'class.edit', audits: 'class_deleted', whenArchived: true },
      schema: {
        summary: 'Put a class away to be deleted after some days; `archived` false brings it back until then',
        params: ClassParams,
        response: { 200: ClassInfo },
      },
    },
    async (request) => {
      const row = await directory.classes.delete(classOf(request).id)
      request.deed = { details: { at: row.deletes_at ?? 0 } }
      logger.info({ class: row.id, at: row.deletes_at }, 'class to be deleted')
      return info(row, roleOf(request))
    },
  )
}
