import type { RulesInForce } from '../live/live.ts'
import type { Log } from '../log/log.ts'
import { OWN_RULES, type AttentionRules } from '@lectern/protocol'
import type { FlagStore } from './flag-store.ts'

const LOOK_EVERY_MS = 5_000

/** A class, with thresholds of its own where it has some. */
export interface RuledClass {
  readonly id: string
  readonly own: AttentionRules | undefined
}

/** Rules that a class should have: a set of the server by name, or its own. */
export interface WantedRules {
  readonly rules: string
  readonly own?: AttentionRules
  readonly experiment?: string
}

interface RuleSwitchOptions {
  flags: FlagStore
  log: Pick<Log, 'append' | 'rules' | 'firstEventAt'>
  /** The classes that go on. */
  classes: () => Promise<RuledClass[]>
  onFault: (error: unknown) => void
}

/** Sees to it that every class has its own rules, or those that its flag says, by an event in its log (SPEC STA-9, STA-11). */
export interface RuleSwitch {
  /** What a class should have now. */
  wanted(one: RuledClass): Promise<WantedRules>
  /** Resolves when every class has been looked at after this call. */
  look(): Promise<void>
  stop(): Promise<void>
}

/** The same text for the same rules, in whatever order they are told. */
const textOf = ({ rules, experiment, own }: WantedRules | RulesInForce): string =>
  JSON.stringify([rules, experiment, Object.entries(own ?? {}).toSorted(([a], [b]) => a.localeCompare(b))])

/** Starts the switch: it looks when flags change, and now and then for new classes. */
export function startRuleSwitch({ flags, log, classes, onFault }: RuleSwitchOptions): RuleSwitch {
  const inForce = new Map<string, string>()
  let last: Promise<void> = Promise.resolve()

  /** Thresholds of its own come before flags and experiments: somebody who knows the class has chosen them. */
  async function wanted({ id, own }: RuledClass): Promise<WantedRules> {
    if (own !== undefined) return { rules: OWN_RULES, own }
    const experiment = flags.experimentOver('attention-rules')
    const rules = await flags.variant('attention-rules', id)
    return { rules, ...(experiment === undefined ? {} : { experiment }) }
  }

  async function lookAt(one: RuledClass): Promise<void> {
    const { id } = one
    // A class in which nothing has happened yet is not given its first event by the server.
    if (!inForce.has(id) && (await log.firstEventAt(id)) === undefined) return
    const { own, ...named } = await wanted(one)
    const text = textOf({ ...named, ...(own && { own }) })
    if (!inForce.has(id)) inForce.set(id, textOf(await log.rules(id)))
    if (inForce.get(id) === text) return
    await log.append([{ class: id, student: '', type: 'rules_changed', data: { ...named, ...own } }])
    inForce.set(id, text)
  }

  function look(): Promise<void> {
    last = last.then(async () => {
      try {
        for (const one of await classes()) await lookAt(one)
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
    wanted,
    async stop() {
      unlisten()
      clearInterval(timer)
      await last
    },
  }
}
