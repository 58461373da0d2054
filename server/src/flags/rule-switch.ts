import type { Log } from '../log/log.ts'
import type { FlagStore } from './flag-store.ts'

const LOOK_EVERY_MS = 5_000

interface RuleSwitchOptions {
  flags: FlagStore
  log: Pick<Log, 'append' | 'rules' | 'firstEventAt'>
  /** Ids of the classes that go on. */
  classes: () => Promise<string[]>
  onFault: (error: unknown) => void
}

/** Sees to it that every class has the rules that its flag says, by an event in its log (SPEC STA-9). */
export interface RuleSwitch {
  /** Resolves when every class has been looked at after this call. */
  look(): Promise<void>
  stop(): Promise<void>
}

/** Starts the switch: it looks when flags change, and now and then for new classes. */
export function startRuleSwitch({ flags, log, classes, onFault }: RuleSwitchOptions): RuleSwitch {
  const inForce = new Map<string, string>()
  let last: Promise<void> = Promise.resolve()

  async function lookAt(classId: string): Promise<void> {
    // A class in which nothing has happened yet is not given its first event by the server.
    if (!inForce.has(classId) && (await log.firstEventAt(classId)) === undefined) return
    const experiment = flags.experimentOver('attention-rules')
    const rules = await flags.variant('attention-rules', classId)
    const wanted = { rules, ...(experiment === undefined ? {} : { experiment }) }
    const text = JSON.stringify(wanted)
    if (!inForce.has(classId)) inForce.set(classId, JSON.stringify(await log.rules(classId)))
    if (inForce.get(classId) === text) return
    await log.append([{ class: classId, student: '', type: 'rules_changed', data: wanted }])
    inForce.set(classId, text)
  }

  function look(): Promise<void> {
    last = last.then(async () => {
      try {
        for (const classId of await classes()) await lookAt(classId)
      } catch (error) {
        // What is in force is asked for again: an append may have been taken although its answer was lost.
        inForce.clear()
        onFault(error)
      }
    })
    return last
  }

  const unlisten = flags.onChange(() => void look())
  const timer = setInterval(() => void look(), LOOK_EVERY_MS).unref()
  void look()
  return {
    look,
    async stop() {
      unlisten()
      clearInterval(timer)
      await last
    },
  }
}
