import { HelpClaim } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import { CodedError } from '../errors.ts'
import { nothing } from './answers.ts'
import { actorOf } from './audits.ts'
import { ONE_CLASS, StudentParams, WRITE } from './class-scope.ts'
import type { HttpParts } from './parts.ts'
import { classOf, staffOf } from './rights.ts'

type Student = { Params: Static<typeof StudentParams> }

const closed = () => new CodedError('not_found', 'This student has no open help request.')

/** Open help requests of a class: who goes there, and that they are closed. */
export async function classHelpRoutes(app: FastifyInstance, { auth, directory, log }: HttpParts): Promise<void> {
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
