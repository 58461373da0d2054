import type { ClassEdit, ClassInfo, ExtensionInfo, JoinCode, Roster, StateAnswer } from '@lectern/protocol'
import { ADMIN_TOKEN } from './server.ts'

/** An event as the log gives it to staff; what the tests look at. */
export interface LoggedEvent {
  readonly id: string
  readonly offset: number
  readonly type: string
  readonly install: string
  readonly seq: number
  readonly student: string
  readonly notebook?: { readonly id: string; readonly path: string }
  readonly cell?: { readonly id: string }
  readonly data: Readonly<Record<string, unknown>>
}

/** What a script with the staff token asks of a server. */
export interface Staff {
  makeClass(name: string, level: number): Promise<{ id: string; code: string }>
  changeClass(id: string, change: Partial<ClassEdit>): Promise<ClassInfo>
  /** The whole log of a class, page by page. */
  events(id: string): Promise<readonly LoggedEvent[]>
  state(id: string): Promise<StateAnswer>
  roster(id: string): Promise<Roster['students']>
  /** File name of the extension that the server offers. */
  wheel(): Promise<string>
}

const PAGE = 1000

/** A client of the staff side of the API. */
export function createStaff(url: string): Staff {
  const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const answer = await fetch(`${url}/api/v2${path}`, {
      method,
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }
  return {
    async makeClass(name, level) {
      const { id } = await ask<ClassInfo>('POST', '/classes', { name, level })
      const { code } = await ask<JoinCode>('POST', `/classes/${id}/codes`, {})
      return { id, code }
    },
    changeClass: (id, change) => ask('PATCH', `/classes/${id}`, change),
    async events(id) {
      const all: LoggedEvent[] = []
      for (let after = 0; ;) {
        const page = await ask<{ events: LoggedEvent[]; next: number }>(
          'GET',
          `/classes/${id}/events?after=${after}&limit=${PAGE}`,
        )
        all.push(...page.events)
        if (page.events.length < PAGE) return all
        after = page.next
      }
    },
    state: (id) => ask('GET', `/classes/${id}/state`),
    async wheel() {
      const { state, wheel, reason } = await ask<ExtensionInfo>('GET', '/extension')
      if (wheel === undefined) throw new Error(`The server offers no extension (${state}): ${reason}`)
      return wheel
    },
    roster: async (id) => (await ask<Roster>('GET', `/classes/${id}/students`)).students,
  }
}
