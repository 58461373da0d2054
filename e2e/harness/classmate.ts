import type { JoinAnswer } from '@lectern/protocol'

/** Another student of the class, without a browser. */
export interface Classmate {
  readonly student: string
  /** Sends one event, in the order of asking. */
  send(type: string, more?: object): Promise<void>
}

/** Joins a class by its code, as somebody new. */
export async function joinClassmate(url: string, { code, name }: { code: string; name: string }): Promise<Classmate> {
  const install = crypto.randomUUID()
  const post = async (path: string, body: object, token?: string): Promise<unknown> => {
    const answer = await fetch(`${url}/api/v2${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return answer.json()
  }
  const { token, student } = (await post('/join', { code, install, name })) as JoinAnswer
  let seq = 0
  return {
    student,
    async send(type, more = {}) {
      seq += 1
      const event = { id: crypto.randomUUID(), install, seq, type, at: new Date().toISOString(), data: {}, ...more }
      await post('/events', { events: [event] }, token)
    },
  }
}
