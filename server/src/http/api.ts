import type { FastifyInstance } from 'fastify'
import { classHelpRoutes } from './class-help.ts'
import { classHandoutRoutes } from './class-handouts.ts'
import { classListRoutes } from './class-list.ts'
import { classMessageRoutes } from './class-messages.ts'
import { classLessonRoutes } from './class-lessons.ts'
import { classNoteRoutes } from './class-notes.ts'
import { classPlanRoutes } from './class-plan.ts'
import { classReportRoutes } from './class-reports.ts'
import { classRulesRoutes } from './class-rules.ts'
import { classLogRoutes } from './class-log.ts'
import { classReplayRoutes } from './class-replay.ts'
import { classResearchRoutes } from './class-research.ts'
import { classSeatRoutes } from './class-seats.ts'
import { classStaffRoutes } from './class-staff.ts'
import { classSummaryRoutes } from './class-summary.ts'
import { classRoutes } from './classes.ts'
import { docsRoutes } from './docs.ts'
import { eventRoutes } from './events.ts'
import { keepNothing } from './headers.ts'
import { joinRoutes } from './join.ts'
import { classStudentRoutes } from './class-student.ts'
import { liveRoutes } from './live.ts'
import { meLogRoutes } from './me-log.ts'
import { meRoutes } from './me.ts'
import type { HttpParts } from './parts.ts'
import { peopleRoutes } from './people.ts'
import { externalRoutes } from './session-external.ts'
import { sessionFactorRoutes } from './session-factors.ts'
import { sessionListRoutes } from './session-list.ts'
import { sessionRoutes, signInRoutes } from './session.ts'
import { systemRoutes } from './system.ts'

type Routes = (app: FastifyInstance, parts: HttpParts) => Promise<void>

/** The domains under `/api/v2`; each owns the path of its name. */
const DOMAINS: Readonly<Record<string, readonly Routes[]>> = {
  session: [signInRoutes, sessionRoutes, sessionListRoutes, sessionFactorRoutes, externalRoutes],
  people: [peopleRoutes],
  join: [joinRoutes],
  events: [eventRoutes],
  live: [liveRoutes],
  me: [meRoutes, meLogRoutes],
  classes: [
    classStudentRoutes,
    classListRoutes,
    classRoutes,
    classLogRoutes,
    classHelpRoutes,
    classMessageRoutes,
    classNoteRoutes,
    classHandoutRoutes,
    classPlanRoutes,
    classReportRoutes,
    classSeatRoutes,
    classReplayRoutes,
    classLessonRoutes,
    classRulesRoutes,
    classStaffRoutes,
    classSummaryRoutes,
    classResearchRoutes,
  ],
  system: [systemRoutes],
}

interface Domain {
  name: string
  prefix: string
  routes: readonly Routes[]
}

/** Registers the routes of a domain as a plugin with a name and a path of its own. */
export async function registerDomain(
  app: FastifyInstance,
  { name, prefix, routes }: Domain,
  parts: HttpParts,
): Promise<void> {
  await app.register(
    async (nested) => {
      nested.decorate('domain', name)
      for (const one of routes) await nested.register((own) => one(own, parts))
    },
    { prefix },
  )
}

/** The API: a plugin with a nested one for each domain. */
export async function apiRoutes(app: FastifyInstance, parts: HttpParts): Promise<void> {
  keepNothing(app)
  for (const [name, routes] of Object.entries(DOMAINS)) {
    await registerDomain(app, { name, prefix: `/${name}`, routes }, parts)
  }
  await registerDomain(app, { name: 'docs', prefix: '', routes: [docsRoutes] }, parts)
}
