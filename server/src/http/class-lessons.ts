import {
  Lesson,
  LessonDetails,
  LessonEdit,
  LessonList,
  LessonsQuery,
  NewLesson,
  Timetable,
  TimetableAnswer,
} from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import { plannedNext } from '../lessons/timetable.ts'
import { nothing } from './answers.ts'
import { ClassParams, ONE_CLASS, READ, WRITE } from './class-scope.ts'
import type { HttpParts } from './parts.ts'
import { classOf, staffOf } from './rights.ts'

const LessonParams = Type.Object({ ...ClassParams.properties, lesson: Type.String({ minLength: 1, maxLength: 64 }) })
type LessonParams = Static<typeof LessonParams>
const ONE_LESSON = `${ONE_CLASS}/lessons/:lesson`

/** Lessons of a class, and the timetable that begins them (SPEC LES-1, LES-2, LES-3). */
export async function classLessonRoutes(app: FastifyInstance, parts: HttpParts): Promise<void> {
  const { directory, work, clock, logger } = parts
  const { lessons, timetables, students } = directory

  app.get<{ Querystring: LessonsQuery }>(
    `${ONE_CLASS}/lessons`,
    {
      config: { ...READ, needs: 'class.see' },
      schema: {
        summary: 'Lessons of the class, newest first',
        params: ClassParams,
        querystring: LessonsQuery,
        response: { 200: LessonList },
      },
    },
    async (request): Promise<LessonList> => lessons.list(classOf(request).id, request.query),
  )

  app.post<{ Body: NewLesson }>(
    `${ONE_CLASS}/lessons`,
    {
      config: { ...WRITE, needs: 'lessons.run', audits: 'lesson_begun' },
      schema: { summary: 'Begin a lesson', params: ClassParams, body: NewLesson, response: { 201: Lesson } },
    },
    async (request, reply) => {
      const { id } = classOf(request)
      const lesson = await lessons.begin(id, request.body, staffOf(request).user ?? null)
      request.deed = { target: lesson.id }
      logger.info({ class: id, lesson: lesson.id }, 'lesson begun')
      return reply.code(201).send(lesson)
    },
  )

  app.get<{ Params: LessonParams }>(
    ONE_LESSON,
    {
      config: { ...READ, needs: 'students.see', cost: 'medium' },
      schema: { summary: 'Who was there in a lesson', params: LessonParams, response: { 200: LessonDetails } },
    },
    async (request): Promise<LessonDetails> => {
      const { id } = classOf(request)
      const lesson = await lessons.get(id, request.params.lesson)
      const span = { from: lesson.from, to: lesson.to ?? clock() }
      const [presence, { students: roster }] = await Promise.all([work.rollups.between(id, span), students.roster(id)])
      const here = new Set(presence.students)
      // Of who does not share nothing else is said (SPEC CON-5); who has not joined yet has not been asked.
      const silent = new Set(roster.flatMap((one) => (one.joinedAt !== undefined && !one.sharing ? [one.id] : [])))
      const others = roster.flatMap((one) => (silent.has(one.id) ? [] : [one.id]))
      return {
        lesson,
        there: others.filter((one) => here.has(one)),
        absent: others.filter((one) => !here.has(one)),
        notSharing: [...silent],
        seen: presence.notebooks,
      }
    },
  )

  app.patch<{ Params: LessonParams; Body: LessonEdit }>(
    ONE_LESSON,
    {
      config: { ...WRITE, needs: 'lessons.run', audits: 'lesson_changed' },
      schema: {
        summary: 'End a lesson, or say what it is about',
        params: LessonParams,
        body: LessonEdit,
        response: { 200: Lesson },
      },
    },
    async (request): Promise<Lesson> => {
      const { id } = classOf(request)
      const { lesson: target } = request.params
      request.deed = { target, ...(request.body.ended === true ? { action: 'lesson_ended' } : {}) }
      return lessons.edit(id, target, { ...request.body, by: staffOf(request).user ?? null })
    },
  )

  app.delete<{ Params: LessonParams }>(
    ONE_LESSON,
    {
      config: { ...WRITE, needs: 'lessons.run', audits: 'lesson_removed' },
      schema: {
        summary: 'Remove a lesson; what happened in it stays',
        params: LessonParams,
        response: nothing(204),
      },
    },
    async (request, reply) => {
      const { lesson } = request.params
      request.deed = { target: lesson }
      await lessons.remove(classOf(request).id, lesson)
      return reply.code(204).send()
    },
  )

  const answer = (timetable: Timetable): TimetableAnswer => {
    const next = plannedNext(timetable, clock())?.from
    return { ...timetable, ...(next === undefined ? {} : { next }) }
  }

  app.get(
    `${ONE_CLASS}/timetable`,
    {
      config: { ...READ, needs: 'class.see' },
      schema: { summary: 'Hours of the week', params: ClassParams, response: { 200: TimetableAnswer } },
    },
    async (request) => answer(await timetables.get(classOf(request).id)),
  )

  app.put<{ Body: Timetable }>(
    `${ONE_CLASS}/timetable`,
    {
      config: { ...WRITE, needs: 'class.edit', audits: 'timetable_changed' },
      schema: {
        summary: 'Set the hours of the week, at which lessons begin and end by themselves',
        params: ClassParams,
        body: Timetable,
        response: { 200: TimetableAnswer },
      },
    },
    async (request) => {
      const { zone, slots } = request.body
      request.deed = { details: { zone, slots: slots.length } }
      return answer(await timetables.set(classOf(request).id, request.body))
    },
  )
}
