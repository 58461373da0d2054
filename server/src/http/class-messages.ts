import { randomBytes } from 'node:crypto'
import { NewMessage, NewMessageAnswer, type MessageTo } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import { newId } from '../auth/secrets.ts'
import { CodedError } from '../errors.ts'
import { storable } from '../ingest/text.ts'
import type { ServerEvent } from '../log/log.ts'
import { nothing } from './answers.ts'
import { actorOf } from './audits.ts'
import { ClassParams, MessageParams, ONE_CLASS, WRITE } from './class-scope.ts'
import type { HttpParts } from './parts.ts'
import { classOf, staffOf } from './rights.ts'

/** What staff say to students (SPEC TLK-1, TLK-5). */
export async function classMessageRoutes(app: FastifyInstance, { directory, log, logger }: HttpParts): Promise<void> {
  const { students } = directory

  /** Throws `not_found` when nobody is there, or somebody who was named is not of the class. */
  async function recipients(id: string, to: MessageTo): Promise<string[]> {
    if ('students' in to) {
      const known = new Set(await students.ids(id))
      if (to.students.every((student) => known.has(student))) return [...new Set(to.students)]
      throw new CodedError('not_found', 'to: this class has no such student.')
    }
    if ('group' in to) {
      const found = await log.errorStudents(id, to.group)
      if (found) return found
      throw new CodedError('not_found', 'to: nobody has this error now.')
    }
    const joined = await students.joined(id)
    if ('everyone' in to) return joined
    const here = new Set(joined)
    const { students: roster } = await students.roster(id)
    return roster.filter((one) => one.team === to.team && here.has(one.id)).map((one) => one.id)
  }

  /** Closes the open requests of these students; those of a group only where they are about its error. */
  async function resolutions(id: string, to: string[], { group, by }: { group?: string | undefined; by?: string }) {
    const here = new Set(to)
    const open = (await log.requests(id)).filter((one) => here.has(one.student))
    const about = group === undefined ? open : open.filter((one) => one.group === group)
    const data = by === undefined ? {} : { by }
    return about.map(({ student }): ServerEvent => ({ class: id, student, type: 'help_resolved', data }))
  }

  app.post<{ Body: NewMessage }>(
    `${ONE_CLASS}/messages`,
    {
      config: { ...WRITE, needs: 'help.answer', rate: 'messages', audits: 'message_sent' },
      schema: {
        summary: 'Write to students',
        params: ClassParams,
        body: NewMessage,
        response: { 201: NewMessageAnswer },
      },
    },
    async (request, reply) => {
      const found = classOf(request)
      const { to, resolves, ...said } = storable(request.body) as NewMessage
      if (found.ended_at !== null) throw new CodedError('class_ended')
      const all = await recipients(found.id, to)
      if (all.length === 0) throw new CodedError('not_found', 'to: nobody is there to write to.')
      const message = newId(randomBytes, 'm')
      const { kind, text, notebook, cell } = said
      const group = 'group' in to ? { group: to.group } : {}
      const everyone = 'everyone' in to ? { everyone: true } : {}
      const answers = said.request === undefined ? {} : { request: said.request }
      const data = { message, by: actorOf(request.principal), kind, text, ...answers, ...group, ...everyone }
      const sent = all.map((student): ServerEvent => {
        return { class: found.id, student, type: 'message_sent', data, notebook, cell }
      })
      const { user } = staffOf(request)
      const about = { ...group, ...(user === undefined ? {} : { by: user }) }
      // One commit: an answer that closes a request is never seen without it.
      await log.append([...sent, ...(resolves ? await resolutions(found.id, all, about) : [])])
      request.deed = { target: message, details: { kind, students: all.length } }
      logger.info({ class: found.id, message, kind, students: all.length }, 'message sent')
      return reply.code(201).send({ id: message, to: all.length })
    },
  )

  app.delete<{ Params: Static<typeof MessageParams> }>(
    `${ONE_CLASS}/messages/:message`,
    {
      config: { ...WRITE, needs: 'help.answer', audits: 'message_withdrawn' },
      schema: {
        summary: 'Withdraw what was written to students, or end a banner',
        params: MessageParams,
        response: nothing(204),
      },
    },
    async (request, reply) => {
      const { id } = classOf(request)
      const { message } = request.params
      const all = await log.messageStudents(id, message)
      if (!all) throw new CodedError('not_found', 'This class has no such message, or it is too old.')
      const data = { message }
      await log.append(all.map((student) => ({ class: id, student, type: 'message_withdrawn', data })))
      request.deed = { target: message }
      return reply.code(204).send()
    },
  )
}
