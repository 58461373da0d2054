import { Readable } from 'node:stream'
import { RESEARCH_VERSION, ResearchQuery, type ResearchHead, type StoredEvent } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import { createResearch } from '../research/events.ts'
import { createPseudonyms } from '../research/pseudonyms.ts'
import { createScrub } from '../research/scrub.ts'
import { file } from './answers.ts'
import { actorOf } from './audits.ts'
import { ClassParams, ONE_CLASS } from './class-scope.ts'
import type { HttpParts } from './parts.ts'
import { classOf } from './rights.ts'

/** Few at once, since they are read and written in this thread. */
const READ_AT_ONCE = 200

/** What researchers take out of a class (SPEC RES-1, RES-2). */
export async function classResearchRoutes(app: FastifyInstance, { directory, log, logger }: HttpParts): Promise<void> {
  const { consents, students, researchSecrets } = directory

  async function* storedEvents(id: string): AsyncGenerator<StoredEvent[]> {
    for (let after = 0; ;) {
      const bytes = await log.events(id, after, READ_AT_ONCE)
      const page = JSON.parse(Buffer.from(bytes).toString('utf8')) as { events: StoredEvent[]; next: number }
      if (page.events.length === 0) return
      yield page.events
      after = page.next
    }
  }

  /** Levels of those who agreed; asked anew for each page, since a student may change their mind meanwhile. */
  const agreedIn = async (id: string) => {
    const all = await consents.ofClass(id)
    return new Map([...all].flatMap(([student, one]) => (one.sharing && one.research ? [[student, one.level]] : [])))
  }

  app.get<{ Querystring: ResearchQuery }>(
    `${ONE_CLASS}/research`,
    {
      config: {
        rights: ['staff'],
        needs: 'research.export',
        rate: 'history',
        cost: 'heavy',
        sheds: 'exports',
        audits: 'research_exported',
      },
      schema: {
        summary: 'What students agreed to, for research',
        params: ClassParams,
        querystring: ResearchQuery,
        response: file('application/jsonl', 'A `ResearchHead`, then one `ResearchEvent` a line.'),
      },
    },
    async (request, reply) => {
      const { id, level } = classOf(request)
      const { times = 'shifted' } = request.query
      const pseudonym = createPseudonyms(await researchSecrets.of(id, actorOf(request.principal)))
      const scrub = createScrub((await students.roster(id)).students)
      const { size } = await agreedIn(id)
      const head: ResearchHead = { schema: 'lectern.research', version: RESEARCH_VERSION, level, times, students: size }
      const research = createResearch({ pseudonym, scrub, times })
      async function* lines(): AsyncGenerator<string> {
        yield `${JSON.stringify(head)}\n`
        for await (const events of storedEvents(id)) {
          const agreed = await agreedIn(id)
          const theirs = events.flatMap((event) => research(event, agreed.get(event.student)) ?? [])
          if (theirs.length > 0) yield theirs.map((one) => `${JSON.stringify(one)}\n`).join('')
        }
      }
      request.deed = { details: { students: size, times } }
      logger.info({ class: id, students: size }, 'research export')
      void reply.header('content-disposition', `attachment; filename="research-${id}.jsonl"`)
      return reply.type('application/jsonl').send(Readable.from(lines()))
    },
  )
}
