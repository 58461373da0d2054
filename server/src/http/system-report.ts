import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ReportAnswer } from '@lectern/protocol'
import type { FastifyInstance } from 'fastify'
import { reportFolder } from '../workers/kinds.ts'
import type { HttpParts } from './parts.ts'

const LATEST = 100

/** The last report on disk, if there is one. */
async function readReport(folder: string): Promise<Pick<ReportAnswer, 'markdown' | 'madeAt'>> {
  try {
    const [en, ja, { mtimeMs }] = await Promise.all([
      readFile(join(folder, 'report.en.md'), 'utf8'),
      readFile(join(folder, 'report.ja.md'), 'utf8'),
      stat(join(folder, 'report.json')),
    ])
    return { markdown: { en, ja }, madeAt: Math.round(mtimeMs) }
  } catch {
    return {}
  }
}

/** The performance report of this machine: the last one, and making another. */
export async function systemReportRoutes(app: FastifyInstance, parts: HttpParts): Promise<void> {
  const { work, config: settings } = parts
  const { jobs, workers } = work
  const config = { rights: ['admin'], rate: 'system', cost: 'medium' } as const

  async function answer(): Promise<ReportAnswer> {
    const found = await readReport(reportFolder(settings.dataDir))
    const row = (await jobs.list({ limit: LATEST })).find(({ kind }) => kind === 'report')
    const job = row && workers.info(row)
    if (job?.state === 'waiting') return { ...found, state: 'waiting' }
    if (job?.state === 'running') return { ...found, state: 'running', progress: job.progress ?? 0 }
    if (job?.state === 'dead') return { ...found, state: 'failed', reason: job.reason ?? '' }
    return { ...found, state: found.markdown ? 'ready' : 'none' }
  }

  app.get('/report', { config, schema: { summary: 'The performance report', response: { 200: ReportAnswer } } }, answer)

  app.post(
    '/report',
    {
      config: { ...config, cost: 'heavy', audits: 'job_started' },
      schema: { summary: 'Measure this machine; it takes some minutes', response: { 202: ReportAnswer } },
    },
    async (request, reply) => {
      const { id } = await workers.add('report', {})
      request.deed = { target: String(id), details: { kind: 'report' } }
      return reply.code(202).send(await answer())
    },
  )
}
