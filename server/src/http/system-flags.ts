import { FlagEdit, FlagsAnswer, RunningEdit } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import { CodedError } from '../errors.ts'
import { EXPERIMENTS, isFlag, SHADOWS, type ExperimentKey, type ShadowName } from '../flags/flags.ts'
import type { HttpParts } from './parts.ts'

const KeyParams = Type.Object({ key: Type.String({ minLength: 1, maxLength: 64 }) })
type KeyParams = Static<typeof KeyParams>

/** Flags, experiments and shadows: what there is, and switching them. */
export async function systemFlagRoutes(app: FastifyInstance, { flags: system, logger }: HttpParts): Promise<void> {
  const config = { rights: ['admin'], rate: 'system', cost: 'medium' } as const

  app.get(
    '/flags',
    { config, schema: { summary: 'Flags, experiments and shadows', response: { 200: FlagsAnswer } } },
    async () => system.answer(),
  )

  app.put<{ Params: KeyParams; Body: FlagEdit }>(
    '/flags/:key',
    {
      config: { ...config, audits: 'flag_changed' },
      schema: { summary: 'Change a flag', params: KeyParams, body: FlagEdit, response: { 200: FlagsAnswer } },
    },
    async (request) => {
      const {
        params: { key },
        body,
      } = request
      if (!isFlag(key)) throw new CodedError('not_found', `There is no flag "${key}".`)
      system.flags.edit(key, body)
      request.deed = { details: { edit: JSON.stringify(body) } }
      logger.warn({ flag: key, edit: body }, 'flag changed')
      // Whoever asks next finds it in force.
      await system.ruleSwitch.look()
      return system.answer()
    },
  )

  app.put<{ Params: KeyParams; Body: RunningEdit }>(
    '/experiments/:key',
    {
      config: { ...config, audits: 'experiment_changed' },
      schema: {
        summary: 'Start or stop an experiment',
        params: KeyParams,
        body: RunningEdit,
        response: { 200: FlagsAnswer },
      },
    },
    async (request) => {
      const {
        params: { key },
        body: { running },
      } = request
      request.deed = { details: { running } }
      if (!Object.hasOwn(EXPERIMENTS, key)) throw new CodedError('not_found', `There is no experiment "${key}".`)
      system.flags.setExperiment(key as ExperimentKey, running)
      logger.warn({ experiment: key, running }, 'experiment switched')
      await system.ruleSwitch.look()
      return system.answer()
    },
  )

  app.put<{ Params: KeyParams; Body: RunningEdit }>(
    '/shadows/:key',
    {
      config: { ...config, audits: 'shadow_changed' },
      schema: {
        summary: 'Start or stop a shadow',
        params: KeyParams,
        body: RunningEdit,
        response: { 200: FlagsAnswer },
      },
    },
    async (request) => {
      const {
        params: { key },
        body: { running },
      } = request
      request.deed = { details: { running } }
      if (!Object.hasOwn(SHADOWS, key)) throw new CodedError('not_found', `There is no shadow "${key}".`)
      await system.shadows.set(key as ShadowName, running)
      logger.info({ shadow: key, running }, 'shadow switched')
      return system.answer()
    },
  )
}
