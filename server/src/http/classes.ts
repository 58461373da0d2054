import {
  ClassEdit,
  ClassInfo,
  ClassList,
  EventsQuery,
  JoinCode,
  JoinCodeList,
  NewClass,
  Roster,
  StateAnswer,
} from '@lectern/protocol'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Type, type Static } from 'typebox'
import { classInfo, type ClassRow } from '../directory/classes.ts'
import { CodedError } from '../errors.ts'
import type { HttpParts } from './parts.ts'
import { classOf, staffOf } from './rights.ts'

const STAFF = { rights: ['staff'] } as const
const LIST = '/api/v2/classes'
const ONE = `${LIST}/:class`
const DEFAULT_EVENTS = 1000

const Id = Type.String({ minLength: 1, maxLength: 64 })
const ClassParams = Type.Object({ class: Id })
const StudentParams = Type.Object({ class: Id, student: Id })
const CodeParams = Type.Object({ class: Id, code: Id })
const EventsAnswer = Type.Object({ events: Type.Array(Type.Unknown()), next: Type.Integer() })

const sendJson = (reply: FastifyReply, bytes: Uint8Array) =>
  reply.header('content-type', 'application/json; charset=utf-8').send(bytes)

/** Classes as a list. */
export async function classListRoutes(app: FastifyInstance, parts: HttpParts): Promise<void> {
  const { directory, log, logger } = parts
  const info = async (row: ClassRow, students: number) =>
    classInfo(row, { students, firstEventAt: await log.firstEventAt(row.id) })

  app.get(
    LIST,
    { config: STAFF, schema: { summary: 'Classes one may see', response: { 200: ClassList } } },
    async (request): Promise<ClassList> => {
      const { role, user } = staffOf(request)
      const rows = await directory.classes.list(role === 'admin' ? undefined : user)
      const counts = await directory.students.counts()
      return { classes: await Promise.all(rows.map((row) => info(row, counts.get(row.id) ?? 0))) }
    },
  )

  app.post<{ Body: NewClass }>(
    LIST,
    { config: STAFF, schema: { summary: 'Make a class', body: NewClass, response: { 201: ClassInfo } } },
    async (request, reply) => {
      const row = await directory.classes.create(request.body, staffOf(request).user ?? null)
      logger.info({ class: row.id }, 'class made')
      return reply.code(201).send(await info(row, 0))
    },
  )
}

/** One class: its settings, join codes, students, state and events. */
export async function classRoutes(app: FastifyInstance, parts: HttpParts): Promise<void> {
  const { directory, auth, log, logger } = parts
  const { classes, students } = directory

  app.addHook<{ Params: Static<typeof ClassParams> }>('preHandler', async (request) => {
    const principal = staffOf(request)
    const found = await classes.get(request.params.class)
    if (!(await auth.mayTeach(principal, found.id))) {
      throw new CodedError('forbidden', 'This needs the right: instructor of this class.')
    }
    request.class = found
  })

  const info = async (row: ClassRow) => {
    const counts = await students.counts()
    return classInfo(row, { students: counts.get(row.id) ?? 0, firstEventAt: await log.firstEventAt(row.id) })
  }

  app.get(
    ONE,
    { config: STAFF, schema: { summary: 'One class', params: ClassParams, response: { 200: ClassInfo } } },
    async (request) => info(classOf(request)),
  )

  app.patch<{ Body: ClassEdit }>(
    ONE,
    {
      config: STAFF,
      schema: { summary: 'Change a class', params: ClassParams, body: ClassEdit, response: { 200: ClassInfo } },
    },
    async (request) => {
      const row = await classes.edit(classOf(request).id, request.body)
      logger.info({ class: row.id, level: row.level, ended: row.ended_at !== null }, 'class changed')
      return info(row)
    },
  )

  app.get(
    `${ONE}/codes`,
    { config: STAFF, schema: { summary: 'Join codes', params: ClassParams, response: { 200: JoinCodeList } } },
    async (request): Promise<JoinCodeList> => ({ codes: await classes.codes(classOf(request).id) }),
  )

  app.post(
    `${ONE}/codes`,
    { config: STAFF, schema: { summary: 'Make a join code', params: ClassParams, response: { 201: JoinCode } } },
    async (request, reply) => reply.code(201).send(await classes.newCode(classOf(request).id)),
  )

  app.delete<{ Params: Static<typeof CodeParams> }>(
    `${ONE}/codes/:code`,
    { config: STAFF, schema: { summary: 'Withdraw a join code', params: CodeParams } },
    async (request, reply) => {
      await classes.removeCode(classOf(request).id, request.params.code)
      return reply.code(204).send()
    },
  )

  app.get(
    `${ONE}/students`,
    { config: STAFF, schema: { summary: 'Who is who', params: ClassParams, response: { 200: Roster } } },
    async (request) => students.roster(classOf(request).id),
  )

  app.delete<{ Params: Static<typeof StudentParams> }>(
    `${ONE}/students/:student/tokens`,
    { config: STAFF, schema: { summary: 'Revoke the tokens of a student', params: StudentParams } },
    async (request, reply) => {
      await auth.revokeStudent(classOf(request).id, request.params.student)
      logger.info({ class: classOf(request).id, student: request.params.student }, 'tokens revoked')
      return reply.code(204).send()
    },
  )

  app.get(
    `${ONE}/state`,
    { config: STAFF, schema: { summary: 'State of the class', params: ClassParams, response: { 200: StateAnswer } } },
    async (request, reply) => sendJson(reply, await log.state(classOf(request).id)),
  )

  app.get<{ Querystring: Static<typeof EventsQuery> }>(
    `${ONE}/events`,
    {
      config: STAFF,
      schema: {
        summary: 'Events of the class, in the order of their offsets',
        params: ClassParams,
        querystring: EventsQuery,
        response: { 200: EventsAnswer },
      },
    },
    async (request, reply) => {
      const { after = 0, limit = DEFAULT_EVENTS } = request.query
      return sendJson(reply, await log.events(classOf(request).id, after, limit))
    },
  )

  app.post<{ Params: Static<typeof StudentParams> }>(
    `${ONE}/help/:student/resolve`,
    { config: STAFF, schema: { summary: 'Close a help request', params: StudentParams } },
    async (request, reply) => {
      const found = classOf(request)
      const { student } = request.params
      const { open } = await log.help(found.id, student)
      if (!open) throw new CodedError('not_found', 'This student has no open help request.')
      const by = staffOf(request).user
      await log.append([{ class: found.id, student, type: 'help_resolved', data: by === undefined ? {} : { by } }])
      return reply.code(204).send()
    },
  )
}
