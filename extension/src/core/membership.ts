import type { ConsentAnswer } from '../../../protocol/src/consent.ts'
import type { Client } from './client.ts'
import { identityOf, type JoinDetails } from './outbox.ts'
import type { Preview, Problem } from './server.ts'
import type { SettingsGap } from './settings.ts'

/** How the student stands to the class of the settings. Only `in` captures or sends anything but the join code. */
export type Standing =
  | { readonly kind: 'off' }
  | { readonly kind: 'incomplete'; readonly gaps: readonly SettingsGap[] }
  | { readonly kind: 'left'; readonly details: JoinDetails }
  | {
      readonly kind: 'unanswered'
      readonly details: JoinDetails
      /** What the class asks, as soon as the server has said so. */
      readonly preview?: Preview
      readonly problem?: Problem
    }
  | { readonly kind: 'in'; readonly details: JoinDetails }

interface Wanted {
  readonly details?: JoinDetails
  readonly gaps: readonly SettingsGap[]
}

interface Parts {
  readonly client: Pick<Client, 'configure' | 'forget' | 'known' | 'preview'>
  /** Shared by the tabs of the browser; remembers which class was left. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  readonly retryMs: number
  readonly onStanding: (standing: Standing) => void
}

/** Takes the student from settings to a class, by way of an answer. */
export interface Memberships {
  /** The settings say this from now on. */
  use(wanted: Wanted): Promise<void>
  /** The student has answered what the class may collect. */
  answer(answer: ConsentAnswer): Promise<void>
  /** Out of the class on this computer, until `comeBack`; what waits is kept. */
  leave(): Promise<void>
  /** Out of the class, with nothing kept here of it: for who was erased. */
  forget(): Promise<void>
  comeBack(): Promise<void>
  /** Something may have changed: another tab has answered or left, or the network is back. */
  look(): Promise<void>
  /** Asks the server once more, whatever it said. */
  retry(): Promise<void>
}

const LEFT = 'lectern:left'
/** Problems that time does not mend; asking again would only count as guessing. */
const LASTING = new Set(['code_invalid', 'class_ended', 'bad_request', 'forbidden'])

/** Makes the memberships of one browser. */
export function createMemberships({ client, storage, sleep, retryMs, onStanding }: Parts): Memberships {
  let wanted: Wanted = { gaps: [] }
  let standing: Standing = { kind: 'off' }
  let turn = new AbortController()

  const stand = (next: Standing, { signal }: AbortController) => {
    if (signal.aborted) return
    standing = next
    onStanding(next)
  }

  const isLeft = (): boolean => {
    const { details } = wanted
    return details !== undefined && storage.getItem(LEFT) === identityOf(details)
  }

  /** Asks the server what the class collects until it has said so. */
  async function preview(details: JoinDetails, mine: AbortController): Promise<void> {
    while (!mine.signal.aborted) {
      const answer = await client.preview(details)
      if (answer.ok) return stand({ kind: 'unanswered', details, preview: answer.value }, mine)
      const { problem } = answer
      stand({ kind: 'unanswered', details, problem }, mine)
      if (LASTING.has(problem.code)) return
      await sleep(Math.max(retryMs, problem.retryAfterMs ?? 0), mine.signal)
    }
  }

  async function settle(): Promise<void> {
    turn.abort()
    const mine = new AbortController()
    turn = mine
    const { details, gaps } = wanted
    const left = isLeft()
    const answered = details && !left && (await client.known(details))?.answer
    if (mine.signal.aborted) return
    await client.configure(answered ? details : undefined)
    if (!details) stand(gaps.length > 0 ? { kind: 'incomplete', gaps } : { kind: 'off' }, mine)
    else if (left) stand({ kind: 'left', details }, mine)
    else if (answered) stand({ kind: 'in', details }, mine)
    else {
      stand({ kind: 'unanswered', details }, mine)
      void preview(details, mine)
    }
  }

  return {
    use(next) {
      wanted = next
      return settle()
    },
    async answer(answer) {
      const { details } = wanted
      if (!details) return
      turn.abort()
      turn = new AbortController()
      await client.configure(details, answer)
      stand({ kind: 'in', details }, turn)
    },
    async leave() {
      if (wanted.details) storage.setItem(LEFT, identityOf(wanted.details))
      await settle()
    },
    async forget() {
      if (wanted.details) storage.setItem(LEFT, identityOf(wanted.details))
      await client.forget()
      await settle()
    },
    async comeBack() {
      storage.removeItem(LEFT)
      await settle()
    },
    async look() {
      const isAsked = standing.kind === 'unanswered' && !LASTING.has(standing.problem?.code ?? '')
      if (isAsked || isLeft() !== (standing.kind === 'left')) await settle()
    },
    retry: settle,
  }
}
