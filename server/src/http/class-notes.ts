import { NewNote, StudentNote, StudentNotes } from '@lectern/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type, type Static } from 'typebox'
import type { Owner } from '../keys/vault.ts'
import { nothing } from './answers.ts'
import { ONE_CLASS, READ, StudentParams, WRITE } from './class-scope.ts'
import type { HttpParts } from './parts.ts'
import { classOf, staffOf } from './rights.ts'

const OF_STUDENT = `${ONE_CLASS}/students/:student/notes`
const NoteParams = Type.Object({ ...StudentParams.properties, note: Type.String({ minLength: 1, maxLength: 64 }) })

/** What the staff note about a student (SPEC NTE-1). */
export async function classNoteRoutes(app: FastifyInstance, { directory }: HttpParts): Promise<void> {
  const { notes, students } = directory

  /** Throws `not_found` when the class has no such student. */
  async function ownerOf(request: FastifyRequest, student: string): Promise<Owner> {
    const { id } = classOf(request)
    await students.get(id, student)
    return { class: id, student }
  }

  app.get<{ Params: Static<typeof StudentParams> }>(
    OF_STUDENT,
    {
      config: { ...READ, needs: 'code.see' },
      schema: {
        summary: 'What the staff noted about a student',
        params: StudentParams,
        response: { 200: StudentNotes },
      },
    },
    async (request) => ({ notes: await notes.list(await ownerOf(request, request.params.student)) }),
  )

  app.post<{ Params: Static<typeof StudentParams>; Body: NewNote }>(
    OF_STUDENT,
    {
      config: { ...WRITE, needs: 'code.see', audits: 'note_added' },
      schema: {
        summary: 'Note something about a student',
        params: StudentParams,
        body: NewNote,
        response: { 201: StudentNote },
      },
    },
    async (request, reply) => {
      const owner = await ownerOf(request, request.params.student)
      const note = await notes.add(owner, request.body.text, staffOf(request).user)
      request.deed = { details: { note: note.id } }
      return reply.code(201).send(note)
    },
  )

  app.delete<{ Params: Static<typeof NoteParams> }>(
    `${OF_STUDENT}/:note`,
    {
      config: { ...WRITE, needs: 'code.see', audits: 'note_removed' },
      schema: { summary: 'Remove a note', params: NoteParams, response: nothing(204) },
    },
    async (request, reply) => {
      const { student, note } = request.params
      await notes.remove(await ownerOf(request, student), note)
      request.deed = { details: { note } }
      return reply.code(204).send()
    },
  )
}
