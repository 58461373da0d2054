import { FlagdCore } from '@openfeature/flagd-core'
import { Type, type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { parseJson } from '../ingest/guard.ts'
import { FLAGS, isFlag, type Flag } from './flags.ts'

const Entry = Type.Object({
  state: Type.Union([Type.Literal('ENABLED'), Type.Literal('DISABLED')]),
  variants: Type.Record(Type.String(), Type.String()),
  defaultVariant: Type.String(),
  targeting: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  metadata: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]))),
})
const FlagFile = Type.Object({ flags: Type.Record(Type.String(), Entry) })
const check = Compile(FlagFile)

/** One flag in the file, in the format of flagd. */
export type FlagEntry = Static<typeof Entry>

/** The flag file; members that are not ours are kept as they are. */
export type FlagDocument = Static<typeof FlagFile>

/** The file can not be used; the message says why, and what to do. */
export class FlagFileError extends Error {
  override readonly name = 'FlagFileError'
}

const WHOLE = 100
/** flagd's evaluator, without making code of what the file says. */
export function createCore(): FlagdCore {
  return new FlagdCore(undefined, undefined, { disableDynamicCodeGeneration: true })
}

/** Contexts in which a targeting is tried before it is in force. */
const TRIALS = ['', 'a', 'b']

/** A file in which nothing is said. */
export const emptyDocument = (): FlagDocument => ({ flags: {} })

/** Shares in percent of a roll-out by share; undefined when the targeting is another one. */
export function sharesOf({ targeting }: FlagEntry): Record<string, number> | undefined {
  const list = targeting?.['fractional']
  if (!Array.isArray(list) || !targeting || Object.keys(targeting).length !== 1) return undefined
  const shares: Record<string, number> = {}
  for (const entry of list as unknown[]) {
    if (!Array.isArray(entry) || typeof entry[0] !== 'string' || typeof entry[1] !== 'number') return undefined
    shares[entry[0]] = entry[1]
  }
  return shares
}

function checkEntry(key: string, entry: FlagEntry, flag: Flag): void {
  const fault = (what: string): FlagFileError => new FlagFileError(`The flag "${key}" ${what}.`)
  const names = Object.keys(entry.variants)
  const unknown = names.find((name) => !flag.variants.includes(name) || entry.variants[name] !== name)
  if (unknown !== undefined) throw fault(`has the variant "${unknown}"; there are ${flag.variants.join(', ')}`)
  if (!Object.hasOwn(entry.variants, entry.defaultVariant)) {
    throw fault(`has the default "${entry.defaultVariant}", which is not among its variants`)
  }
  const shares = sharesOf(entry)
  if (!shares) return
  const foreign = Object.keys(shares).find((name) => !Object.hasOwn(entry.variants, name))
  if (foreign !== undefined) throw fault(`gives a share to "${foreign}", which is not among its variants`)
  const values = Object.values(shares)
  if (values.some((share) => !Number.isInteger(share) || share < 0)) throw fault('has a share that is no whole number')
  if (values.reduce((sum, share) => sum + share, 0) !== WHOLE) throw fault('has shares that do not add up to 100')
}

/** Every flag must give one of its variants to everybody, whatever the targeting says. */
function tryOut(core: FlagdCore, document: FlagDocument): void {
  for (const [key, { state }] of Object.entries(document.flags)) {
    if (state === 'DISABLED' || !isFlag(key)) continue
    for (const targetingKey of TRIALS) {
      const { value, errorCode, errorMessage } = core.resolveStringEvaluation(key, '', { targetingKey })
      if (errorCode !== undefined || !(FLAGS[key].variants as readonly string[]).includes(value)) {
        throw new FlagFileError(`The flag "${key}" can not be evaluated: ${errorMessage ?? `it gives "${value}"`}.`)
      }
    }
  }
}

/**
 * Reads a flag file and checks all of it before any of it is in force.
 * Throws `FlagFileError` for what is no JSON, too deep, not of the format, or names what there is not.
 */
export function readFlagFile(bytes: Uint8Array): { document: FlagDocument; core: FlagdCore } {
  let value: unknown
  try {
    ;({ value } = parseJson(Buffer.from(bytes)))
  } catch (error) {
    throw new FlagFileError(`The file is no JSON that can be read: ${error instanceof Error ? error.message : ''}`)
  }
  if (!check.Check(value)) {
    const [first] = check.Errors(value)
    throw new FlagFileError(
      `The file is not in the format of flagd: ${first?.instancePath ?? ''} ${first?.message ?? ''}.`,
    )
  }
  for (const [key, entry] of Object.entries(value.flags)) {
    if (!isFlag(key)) throw new FlagFileError(`There is no flag "${key}"; there are ${Object.keys(FLAGS).join(', ')}.`)
    checkEntry(key, entry, FLAGS[key])
  }
  const core = createCore()
  try {
    core.setConfigurations(JSON.stringify(value))
  } catch (error) {
    throw new FlagFileError(`The file can not be used: ${error instanceof Error ? error.message : String(error)}`)
  }
  tryOut(core, value)
  return { document: value, core }
}
