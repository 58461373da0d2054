import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import type { HttpParts } from './parts.ts'
import { staffOf } from './rights.ts'

/** Declarations of routes for the staff: reading, and changing something. */
export const READ = { rights: ['staff'], rate: 'reads', cost: 'light' } as const
export const WRITE = { rights: ['staff'], rate: 'writes', cost: 'medium' } as const
/** Path of one class, under that of all. */
export const ONE_CLASS = '/:class'

const Id = Type.String({ minLength: 1, maxLength: 64 })
/** Parameters of the paths under a class. */
export const ClassParams = Type.Object({ class: Id })
export const StudentParams = Type.Object({ class: Id, student: Id })
export const CodeParams = Type.Object({ class: Id, code: Id })

/** Lets every route of this plugin only to staff with a right to the class that its path names; `classOf` gives the class. */
export function requireClass(app: FastifyInstance, { directory, auth }: HttpParts): void {
  app.addHook<{ Params: Static<typeof ClassParams> }>('onRequest', async (request) => {
    const principal = staffOf(request)
    const found = await directory.classes.get(request.params.class)
    await auth.requireTeaching(principal, found.id)
    request.class = found
  })
}
