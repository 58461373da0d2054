import { ClassStaff, ClassStaffEdit, ClassStaffList } from '@lectern/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { UserRow } from '../directory/users.ts'
import { CodedError } from '../errors.ts'
import { nothing } from './answers.ts'
import { ClassParams, ONE_CLASS, READ, StaffParams, WRITE } from './class-scope.ts'
import type { HttpParts } from './parts.ts'
import { classOf, roleOf } from './rights.ts'

const ONE_OF_STAFF = `${ONE_CLASS}/staff/:user`

/** Who of the staff is what in a class. */
export async function classStaffRoutes(app: FastifyInstance, { directory, auth, logger }: HttpParts): Promise<void> {
  const { users, classStaff } = directory

  /** By id or by the whole address, so that nobody can look through the staff of a server. */
  const find = async (name: string): Promise<UserRow> => {
    const user = await (name.includes('@') ? users.byEmail(name) : users.byId(name))
    if (!user)
      throw new CodedError('not_found', 'Nobody of the staff has this id or address; an administrator can invite them.')
    return user
  }

  const change = async (request: FastifyRequest, user: string, role: ClassStaff['role'] | undefined) => {
    const { id } = classOf(request)
    await auth.inClass.change({ class: id, user, role }, roleOf(request) === 'admin')
    logger.info({ class: id, user, role }, 'role in the class changed')
  }

  app.get(
    `${ONE_CLASS}/staff`,
    {
      config: { ...READ, needs: 'staff.manage' },
      schema: { summary: 'Staff of the class', params: ClassParams, response: { 200: ClassStaffList } },
    },
    async (request): Promise<ClassStaffList> => ({ staff: await classStaff.list(classOf(request).id) }),
  )

  app.put<{ Params: Static<typeof StaffParams>; Body: ClassStaffEdit }>(
    ONE_OF_STAFF,
    {
      config: { ...WRITE, needs: 'staff.manage', audits: 'role_granted' },
      schema: {
        summary: 'Give a role in the class',
        params: StaffParams,
        body: ClassStaffEdit,
        response: { 200: ClassStaff },
      },
    },
    async (request): Promise<ClassStaff> => {
      const { id, name, email } = await find(request.params.user)
      const { role } = request.body
      const before = await classStaff.roleOf(classOf(request).id, id)
      await change(request, id, role)
      request.deed = { target: id, details: { role, ...(before === undefined ? {} : { before }) } }
      return { id, name, email: email ?? '', role }
    },
  )

  app.delete<{ Params: Static<typeof StaffParams> }>(
    ONE_OF_STAFF,
    {
      config: { ...WRITE, needs: 'staff.manage', audits: 'role_removed' },
      schema: { summary: 'Take a role in the class away', params: StaffParams, response: nothing(204) },
    },
    async (request, reply) => {
      const { id } = await find(request.params.user)
      await change(request, id, undefined)
      request.deed = { target: id }
      return reply.code(204).send()
    },
  )
}
