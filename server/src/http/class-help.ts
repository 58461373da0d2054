import { HelpClaim, HelperList, HelpFigures, roleMay } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import { CodedError } from '../errors.ts'
import { nothing } from './answers.ts'
import { actorOf } from './audits.ts'
import { ClassParams, ONE_CLASS, READ, StudentParams, WRITE } from './class-scope.ts'
import type { HttpParts } from './parts.ts'
import { classOf, staffOf } from './rights.ts'

type Student = { Params: Static<typeof StudentParams> }

/** What the figures look back to without a lesson in progress. */
const LATELY_MS = 3 * 60 * 60_000

const closed = () => new CodedError('not_found', 'This student has no open help request.')

/** Open help requests of a class: who goes there, and that they are closed. */
export async function classHelpRoutes(app: FastifyInstance, { auth, clock, directory, log }: HttpParts): Promise<void> {
  const { users } = directory

  /** Throws `not_found` unless this is somebody who may answer in the class. */
  async function requireHelper(id: string, user: string): Promise<void> {
    const found = await users.byId(user)
    if (found?.disabled_at === null) {
      const principal = { kind: 'staff', user, role: found.role, session: undefined } as const
      if (await auth.inClass.may(principal, id, 'help.answer')) return
    }
    throw new CodedError('not_found', 'user: nobody of this id answers in the class.')
  }

  /** Administrators may answer everywhere. */
  async function helpersOf(id: string): Promise<HelperList['helpers']> {
    const staff = await directory.classStaff.list(id)
    const here = new Set(staff.flatMap(({ id: user, role }) => (roleMay(role, 'help.answer') ? user : [])))
    const all = (await users.list()).filter((user) => user.disabled_at === null)
    const may = all.filter(({ id: user, role }) => role === 'admin' || here.has(user))
    return may.map(({ id: user, name, email }) => ({ id: user, name: name || (email ?? user) }))
  }

  app.get(
    `${ONE_CLASS}/helpers`,
    {
      config: { ...READ, needs: 'help.answer' },
      schema: { summary: 'Who may answer in the class', params: ClassParams, response: { 200: HelperList } },
    },
    async (request): Promise<HelperList> => ({ helpers: await helpersOf(classOf(request).id) }),
  )

  app.get(
    `${ONE_CLASS}/help`,
    {
      config: { ...READ, needs: 'help.answer' },
      schema: { summary: 'How help was given lately', params: ClassParams, response: { 200: HelpFigures } },
    },
    async (request): Promise<HelpFigures> => {
      const { id } = classOf(request)
      const lesson = await directory.lessons.open(id)
      if (!lesson) return log.helpFigures(id, Math.max(0, clock() - LATELY_MS))
      return { ...(await log.helpFigures(id, lesson.from)), lesson: lesson.id }
    },
  )

  app.post<Student>(
    `${ONE_CLASS}/help/:student/resolve`,
    {
      config: { ...WRITE, needs: 'help.answer', audits: false },
      schema: { summary: 'Close a help request', params: StudentParams, response: nothing(204) },
    },
    async (request, reply) => {
      const { id } = classOf(request)
      const { student } = request.params
      if (!(await log.help(id, student)).open) throw closed()
      const by = staffOf(request).user
      await log.append([{ class: id, student, type: 'help_resolved', data: by === undefined ? {} : { by } }])
      return reply.code(204).send()
    },
  )

  app.post<Student & { Body: HelpClaim }>(
    `${ONE_CLASS}/help/:student/claim`,
    {
      config: { ...WRITE, needs: 'help.answer', audits: false },
      schema: {
        summary: 'Say who goes to a student who asked for help',
        params: StudentParams,
        body: HelpClaim,
        response: nothing(204),
      },
    },
    async (request, reply) => {
      const { id } = classOf(request)
      const { user } = request.body
      if (user !== undefined) await requireHelper(id, user)
      const by = user ?? actorOf(request.principal)
      const outcome = await log.claim({ class: id, student: request.params.student, by, over: user !== undefined })
      if (outcome.is === 'closed') throw closed()
      if (outcome.is === 'held') {
        const name = (await users.nameOf(outcome.by)) ?? outcome.by
        throw new CodedError('conflict', `${name} goes there already; name a \`user\` to change that.`)
      }
      return reply.code(204).send()
    },
  )

  app.delete<Student>(
    `${ONE_CLASS}/help/:student/claim`,
    {
      config: { ...WRITE, needs: 'help.answer', audits: false },
      schema: { summary: 'Say that nobody goes to the student', params: StudentParams, response: nothing(204) },
    },
    async (request, reply) => {
      const { id } = classOf(request)
      const { student } = request.params
      const { open, coming } = await log.help(id, student)
      if (!open || coming === undefined) throw new CodedError('not_found', 'Nobody goes to this student.')
      const by = actorOf(request.principal)
      await log.append([{ class: id, student, type: 'help_released', data: { by } }])
      return reply.code(204).send()
    },
  )
}
