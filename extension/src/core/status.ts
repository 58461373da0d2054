import type { Trouble } from './keeper.ts'
import type { Join, Outbox } from './outbox.ts'
import type { Problem } from './server.ts'

/** What the person can be shown. */
export interface Status {
  /** `off`: switched off or nothing set; `joining`: events are kept until the server has answered. */
  readonly state: 'off' | 'joining' | 'joined'
  readonly join?: Join
  readonly waiting: number
  /** Events of earlier joins that still wait. */
  readonly waitingElsewhere: number
  readonly problem?: Problem
  readonly live: boolean
  readonly storage: Outbox['kind']
  /** The storage takes no more, or did not for a while. */
  readonly trouble?: Trouble
}

interface Parts {
  readonly outbox: Outbox
  readonly current: () => Join | undefined
  /** The current join as it stands in the outbox now. */
  readonly onJoin: (join: Join) => void
  readonly now: () => { live: boolean; problem: Problem | undefined; trouble: Trouble | undefined }
  readonly onStatus: (status: Status) => void
}

/** Says how things stand whenever the answer is called: one report at a time, and one more when something changed during it. */
export function createReporter({ outbox, current, onJoin, now, onStatus }: Parts): () => void {
  let reporting: Promise<void> | undefined
  let again = false
  let said: Status = { state: 'off', waiting: 0, waitingElsewhere: 0, live: false, storage: outbox.kind }
  const say = (status: Status) => {
    said = status
    onStatus(status)
  }

  const nowShown = () => {
    const { live, problem, trouble } = now()
    // Storage that fails comes before a network that does.
    const shown = trouble?.problem ?? problem
    return { live, ...(shown ? { problem: shown } : {}), ...(trouble ? { trouble } : {}) }
  }
  const report = async () => {
    const joins = await outbox.joins()
    const join = joins.find(({ install }) => install === current()?.install)
    const all = joins.reduce((sum, { kept }) => sum + kept.events, 0)
    const waiting = join?.kept.events ?? 0
    // The settings may have changed meanwhile.
    if (join && join.install === current()?.install) onJoin(join)
    say({
      state: join ? (join.member ? 'joined' : 'joining') : 'off',
      ...(join ? { join } : {}),
      ...nowShown(),
      waiting,
      waitingElsewhere: all - waiting,
      storage: outbox.kind,
    })
  }

  return () => {
    again = true
    reporting ??= (async () => {
      while (again) {
        again = false
        // Storage that can not be read says nothing new but that.
        await report().catch(() => say({ ...said, ...nowShown(), problem: { code: 'storage_blocked' } }))
      }
      reporting = undefined
    })()
  }
}
