import { NewPerson, People, Person, PersonEdit, PersonLink, RecoveryRequest } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import { linkPath, type StaffLink } from '../auth/people.ts'
import { nothing } from './answers.ts'
import type { HttpParts } from './parts.ts'

const READ = { rights: ['admin'], rate: 'reads', cost: 'light' } as const
const WRITE = { rights: ['admin'], rate: 'writes', cost: 'light' } as const
const UserParams = Type.Object({ user: Type.String({ minLength: 1, maxLength: 64 }) })
type OfUser = { Params: Static<typeof UserParams> }

/** The staff, for administrators. */
export async function peopleRoutes(app: FastifyInstance, { auth: { staff } }: HttpParts): Promise<void> {
  const answer = async ({ user, secret, expires }: StaffLink): Promise<PersonLink> => ({
    person: await staff.person(user.id),
    path: linkPath(secret),
    expires,
  })

  app.get('', { config: READ, schema: { summary: 'Everybody on the staff', response: { 200: People } } }, async () => ({
    people: await staff.list(),
  }))

  app.post<{ Body: NewPerson }>(
    '',
    {
      config: { ...WRITE, audits: 'person_invited' },
      schema: { summary: 'Invite somebody', body: NewPerson, response: { 201: PersonLink } },
    },
    async (request, reply) => {
      const invited = await staff.invite(request.body)
      request.deed = { target: invited.user.id, details: { role: invited.user.role } }
      return reply.code(201).send(await answer(invited))
    },
  )

  app.patch<OfUser & { Body: PersonEdit }>(
    '/:user',
    {
      config: { ...WRITE, audits: 'person_changed' },
      schema: { summary: 'Change somebody', params: UserParams, body: PersonEdit, response: { 200: Person } },
    },
    async (request) => {
      const { before, after } = await staff.edit(request.params.user, request.body)
      request.deed = {
        details: {
          name: before.name !== after.name,
          email: before.email !== after.email,
          roleBefore: before.role,
          role: after.role,
          disabled: after.disabled_at !== null,
        },
      }
      return staff.person(after.id)
    },
  )

  app.delete<OfUser>(
    '/:user',
    {
      config: { ...WRITE, audits: 'person_disabled' },
      schema: { summary: 'Disable somebody; what they did stays', params: UserParams, response: nothing(204) },
    },
    async ({ params }, reply) => {
      await staff.edit(params.user, { disabled: true })
      return reply.code(204).send()
    },
  )

  app.post<OfUser & { Body: RecoveryRequest }>(
    '/:user/recovery',
    {
      config: { ...WRITE, audits: 'recovery_made' },
      schema: {
        summary: 'Make a link for who can not sign in',
        params: UserParams,
        body: RecoveryRequest,
        response: { 201: PersonLink },
      },
    },
    async (request, reply) => {
      const { endSessions = false, removeFactors = false } = request.body
      const made = await staff.recover(request.params.user, request.body)
      request.deed = { details: { endSessions, removeFactors } }
      return reply.code(201).send(await answer(made))
    },
  )
}
