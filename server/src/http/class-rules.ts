import { ClassRules, ClassRulesEdit, RulesOutcome, RulesTrial } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { ownRulesOf, type ClassRow } from '../directory/classes.ts'
import { RULE_SETS, rulesIn, rulesOf } from '../live/rules.ts'
import { ClassParams, ONE_CLASS, READ, WRITE } from './class-scope.ts'
import type { HttpParts } from './parts.ts'
import { classOf } from './rights.ts'

const SETS = Object.entries(RULE_SETS).map(([rules, values]) => ({ rules, values }))

/** When a student of a class counts as stuck, failing, idle or away (SPEC STA-9, STA-11). */
export async function classRulesRoutes(app: FastifyInstance, parts: HttpParts): Promise<void> {
  const { directory, flags, work, logger } = parts

  const answer = async (row: ClassRow): Promise<ClassRules> => {
    const own = ownRulesOf(row)
    const { rules, experiment } = await flags.ruleSwitch.wanted({ id: row.id, own })
    const values = rulesOf(rulesIn({ rules, ...own }) ?? { rules: 'standard' })
    return {
      chosen: { rules, values, ...(experiment === undefined ? {} : { experiment }) },
      ...(own === undefined ? {} : { own }),
      sets: SETS,
    }
  }

  app.get(
    `${ONE_CLASS}/rules`,
    {
      config: { ...READ, needs: 'students.see' },
      schema: { summary: 'Rules of attention of the class', params: ClassParams, response: { 200: ClassRules } },
    },
    async (request) => answer(classOf(request)),
  )

  app.put<{ Body: ClassRulesEdit }>(
    `${ONE_CLASS}/rules`,
    {
      config: { ...WRITE, needs: 'class.edit', audits: 'rules_changed' },
      schema: {
        summary: 'Give the class thresholds of its own, or those of the server again',
        params: ClassParams,
        body: ClassRulesEdit,
        response: { 200: ClassRules },
      },
    },
    async (request) => {
      const { own } = request.body
      const row = await directory.classes.setRules(classOf(request).id, own)
      await flags.ruleSwitch.look()
      request.deed = { details: { own: own !== undefined, ...own } }
      logger.info({ class: row.id, own: own !== undefined }, 'rules of a class changed')
      return answer(row)
    },
  )

  app.post<{ Body: RulesTrial }>(
    `${ONE_CLASS}/rules/preview`,
    {
      // It changes nothing.
      config: { ...READ, needs: 'students.see', cost: 'heavy', sheds: 'exports', audits: false, whenArchived: true },
      schema: {
        summary: 'Whom rules would have shown in the last lesson',
        params: ClassParams,
        body: RulesTrial,
        response: {
          200: RulesOutcome,
          202: Type.Object({}, { description: 'It is still worked on: ask the same again.' }),
        },
      },
    },
    async (request, reply) => {
      const outcome = await work.trials.run(classOf(request).id, request.body)
      return outcome ?? reply.code(202).send({})
    },
  )
}
