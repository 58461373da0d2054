import {
  ClassEdit,
  ClassInfo,
  EnlistedStudents,
  JoinCode,
  JoinCodeList,
  NewCode,
  NewStudents,
  Roster,
  roleMay,
} from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import { CodedError } from '../errors.ts'
import { nothing } from './answers.ts'
import { createInfo } from './class-info.ts'
import { ClassParams, CodeParams, ONE_CLASS, READ, StudentParams, WRITE } from './class-scope.ts'
import type { HttpParts } from './parts.ts'
import { classOf, roleOf } from './rights.ts'

/** One class: its settings, join codes, students, state and events. */
export async function classRoutes(app: FastifyInstance, parts: HttpParts): Promise<void> {
  const { directory, auth, logger, hub } = parts
  const { classes, codes, students } = directory

  const info = createInfo(parts)

  app.get(
    ONE_CLASS,
    {
      config: { ...READ, needs: 'class.see' },
      schema: { summary: 'One class', params: ClassParams, response: { 200: ClassInfo } },
    },
    async (request) => info(classOf(request), roleOf(request)),
  )

  app.patch<{ Body: ClassEdit }>(
    ONE_CLASS,
    {
      config: { ...WRITE, needs: 'class.edit', audits: 'class_changed', whenArchived: true },
      schema: { summary: 'Change a class', params: ClassParams, body: ClassEdit, response: { 200: ClassInfo } },
    },
    async (request) => {
      const { level: before, archived_at: archivedAt } = classOf(request)
      // What is put away is only brought back.
      const isRead = archivedAt !== null && !(request.body.archived === false && Object.keys(request.body).length === 1)
      if (isRead) throw new CodedError('class_archived')
      const row = await classes.edit(classOf(request).id, request.body)
      const { level = before, ended, retentionDays, archived } = request.body
      request.deed = {
        ...(level === before ? {} : { action: 'level_changed' }),
        details: {
          ...(level === before ? {} : { levelBefore: before, level }),
          ...(ended === undefined ? {} : { ended }),
          ...(retentionDays === undefined ? {} : { retentionDays }),
          ...(archived === undefined ? {} : { archived }),
        },
      }
      if (row.level !== before) hub().tellConsent(row.id)
      logger.info({ class: row.id, level: row.level, ended: row.ended_at !== null }, 'class changed')
      return info(row, roleOf(request))
    },
  )

  app.get(
    `${ONE_CLASS}/codes`,
    {
      config: { ...READ, needs: 'codes.see' },
      schema: { summary: 'Join codes', params: ClassParams, response: { 200: JoinCodeList } },
    },
    async (request): Promise<JoinCodeList> => {
      const all = await codes.list(classOf(request).id)
      // Whoever has a student's own code can be that student.
      const isAll = roleMay(roleOf(request), 'codes.manage')
      return { codes: isAll ? all : all.filter(({ student }) => student === undefined) }
    },
  )

  app.post<{ Body: NewCode }>(
    `${ONE_CLASS}/codes`,
    {
      config: { ...WRITE, needs: 'codes.manage', audits: 'code_made' },
      schema: { summary: 'Make a join code', params: ClassParams, body: NewCode, response: { 201: JoinCode } },
    },
    async (request, reply) => {
      const made = await codes.create(classOf(request).id, request.body)
      request.deed = { target: made.student }
      return reply.code(201).send(made)
    },
  )

  app.delete<{ Params: Static<typeof CodeParams> }>(
    `${ONE_CLASS}/codes/:code`,
    {
      config: { ...WRITE, needs: 'codes.manage', audits: 'code_removed' },
      schema: { summary: 'Withdraw a join code', params: CodeParams, response: nothing(204) },
    },
    async (request, reply) => {
      await codes.remove(classOf(request).id, request.params.code)
      return reply.code(204).send()
    },
  )

  app.get(
    `${ONE_CLASS}/students`,
    {
      config: { ...READ, needs: 'roster.see' },
      schema: { summary: 'Who is who', params: ClassParams, response: { 200: Roster } },
    },
    async (request) => students.roster(classOf(request).id),
  )

  app.post<{ Body: NewStudents }>(
    `${ONE_CLASS}/students`,
    {
      config: { ...WRITE, needs: 'roster.edit', audits: 'roster_changed' },
      schema: {
        summary: 'Add students to the roster',
        params: ClassParams,
        body: NewStudents,
        response: { 201: EnlistedStudents },
      },
    },
    async (request, reply) => {
      const { id } = classOf(request)
      const enlisted = await students.enlist(id, request.body.students, { update: request.body.update })
      const added = enlisted.filter(({ known }) => !known).length
      const changed = enlisted.filter((one) => one.changed).length
      request.deed = { details: { added, ...(changed === 0 ? {} : { changed }) } }
      logger.info({ class: id, added }, 'students enlisted')
      if (!request.body.codes) return reply.code(201).send({ students: enlisted })
      const withCodes = []
      for (const one of enlisted) withCodes.push({ ...one, code: (await codes.create(id, { student: one.id })).code })
      return reply.code(201).send({ students: withCodes })
    },
  )

  app.delete<{ Params: Static<typeof StudentParams> }>(
    `${ONE_CLASS}/students/:student/tokens`,
    {
      config: { ...WRITE, needs: 'roster.edit', audits: 'tokens_revoked' },
      schema: { summary: 'Revoke the tokens of a student', params: StudentParams, response: nothing(204) },
    },
    async (request, reply) => {
      await auth.revokeStudent(classOf(request).id, request.params.student)
      logger.info({ class: classOf(request).id, student: request.params.student }, 'tokens revoked')
      return reply.code(204).send()
    },
  )
}
