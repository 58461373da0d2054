import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ExtensionInfo } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { CodedError } from '../errors.ts'
import { file } from './answers.ts'
import { preflight } from './cors.ts'
import type { HttpParts } from './parts.ts'

const URL = '/api/v2/extension'
const STATUS_FILE = 'status.json'
const WheelParams = Type.Object({ wheel: Type.String({ pattern: '^[A-Za-z0-9_.+-]+\\.whl$', maxLength: 200 }) })
const checkInfo = Compile(ExtensionInfo)

/** What the last build left behind; the build writes the file at its beginning and end. */
async function extensionInfo(folder: string): Promise<ExtensionInfo> {
  try {
    const status: unknown = JSON.parse(await readFile(join(folder, STATUS_FILE), 'utf8'))
    if (checkInfo.Check(status)) {
      const { state, wheel, reason } = status
      return { state, ...(wheel === undefined ? {} : { wheel }), ...(reason === undefined ? {} : { reason }) }
    }
    return { state: 'unavailable', reason: `${STATUS_FILE} of the extension is not as described.` }
  } catch {
    return { state: 'unavailable', reason: 'The extension has not been built on this server.' }
  }
}

/** The extension that matches this server, for pip. */
export async function extensionRoutes(app: FastifyInstance, { folders }: HttpParts): Promise<void> {
  app.get(
    URL,
    {
      config: { rights: ['public'], rate: 'pages', cost: 'light', cors: true },
      schema: { summary: 'The extension to install', response: { 200: ExtensionInfo } },
    },
    async (_request, reply) => {
      void reply.header('cache-control', 'no-store')
      return extensionInfo(folders.extension)
    },
  )
  preflight(app, URL, 'GET')

  app.get<{ Params: Static<typeof WheelParams> }>(
    '/extension/:wheel',
    {
      config: { rights: ['public'], rate: 'pages', cost: 'medium' },
      schema: {
        summary: 'The wheel',
        params: WheelParams,
        response: file('application/octet-stream', 'A Python wheel.'),
      },
    },
    async ({ params }, reply) => {
      const { state, wheel } = await extensionInfo(folders.extension)
      if (state !== 'ready' || wheel !== params.wheel) throw new CodedError('extension_unavailable')
      // The name stays the same when the extension is built again.
      void reply.header('cache-control', 'no-cache')
      return reply.sendFile(wheel, folders.extension, { cacheControl: false })
    },
  )
}
