import { randomUUID } from 'node:crypto'
import type { JoinAnswer } from '@lectern/protocol'

/** A run of a cell: how it ended, in which cell. */
export interface Run {
  readonly cell: number
  /** Name of the error; none: it succeeded. */
  readonly error?: string
}

/** A student of a class by the wire alone, without a JupyterLab. */
export interface Pupil {
  readonly id: string
  /** Runs cells one after the other. */
  run(...runs: readonly Run[]): Promise<void>
  ask(message: string): Promise<void>
  /** Sends any events, one after the other. */
  tell(...said: readonly Said[]): Promise<void>
  /** Answers what may be collected. */
  share(sharing: boolean): Promise<void>
}

/** What happened, in which cell of the notebook (the first unless named). */
export interface Said {
  readonly type: string
  readonly cell?: number
  readonly data?: object
}

const NOTEBOOK = { id: 'week-1', path: 'lessons/week 1.ipynb' }

/** Joins a class; `sharing` is agreed to. */
export async function joinAs(url: string, code: string, who: { name: string; team?: string }): Promise<Pupil> {
  const install = randomUUID()
  let token = ''
  let seq = 0
  const post = async <T>(path: string, body: object, method: 'POST' | 'PUT' = 'POST'): Promise<T> => {
    const answer = await fetch(`${url}/api/v2${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }
  const joined = await post<JoinAnswer>('/join', { code, install, ...who })
  token = joined.token
  const event = (type: string, cell: number, data: object) => {
    seq += 1
    const place = { notebook: NOTEBOOK, cell: { id: `cell-${cell}`, index: cell, type: 'code' } }
    return { id: randomUUID(), install, seq, at: new Date().toISOString(), type, ...place, data }
  }
  const send = (events: readonly object[]) => post<unknown>('/events', { events })
  return {
    id: joined.student,
    run: async (...runs) => {
      const ended = ({ cell, error }: Run) =>
        error === undefined
          ? event('cell_executed', cell, { status: 'ok', durationMs: 5 })
          : event('cell_executed', cell, { status: 'error', errorName: error, errorMessage: `${error} here` })
      await send(runs.map(ended))
    },
    tell: async (...said) => {
      await send(said.map(({ type, cell = 0, data = {} }) => event(type, cell, data)))
    },
    share: async (sharing) => {
      const { level, consent } = joined
      await post<unknown>('/me/consent', { sharing, level, version: consent.version }, 'PUT')
    },
    ask: async (message) => {
      await send([event('help_requested', 0, { message })])
    },
  }
}
