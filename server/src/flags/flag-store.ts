import { closeSync, fsyncSync, openSync, readFileSync, renameSync, statSync, watch, writeSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { OpenFeature } from '@openfeature/server-sdk'
import type { FlagEdit, FlagInfo } from '@lectern/protocol'
import { CodedError } from '../errors.ts'
import { emptyDocument, FlagFileError, readFlagFile, sharesOf, type FlagDocument, type FlagEntry } from './flag-file.ts'
import { EXPERIMENTS, FLAGS, isFlag, type ExperimentKey, type FlagKey } from './flags.ts'
import { createFileProvider } from './provider.ts'

/** Changes of the file are noticed by the system at once, and by looking when the system says nothing. */
const LOOK_EVERY_MS = 500

interface FlagStoreOptions {
  file: string
  /** Name under which OpenFeature knows these flags: one a server. */
  domain: string
  /** Milliseconds since the epoch. */
  clock: () => number
  onFault: (fault: string) => void
}

/** The flags in force. */
export interface FlagStore {
  readonly file: string
  /** The variant that a class or student gets. Never rejects: the default of the code when all else fails. */
  variant(key: FlagKey, target: string): Promise<string>
  /** The experiment that runs over a flag. */
  experimentOver(key: FlagKey): ExperimentKey | undefined
  list(): FlagInfo[]
  /** Why the file as it is now is not in force. */
  fault(): string | undefined
  readAt(): number
  /** Times that other flags came into force. */
  changes(): number
  /** Writes to the file. Throws `conflict` while the file is bad, `bad_request` for what would make it bad. */
  edit(key: FlagKey, edit: FlagEdit): void
  setExperiment(key: ExperimentKey, running: boolean): void
  onChange(listener: () => void): () => void
  close(): Promise<void>
}

const entryOf = (document: FlagDocument, key: FlagKey): FlagEntry => {
  const known = Object.hasOwn(document.flags, key) ? document.flags[key] : undefined
  if (known) return known
  const { variants, fallback } = FLAGS[key]
  return {
    state: 'ENABLED',
    variants: Object.fromEntries(variants.map((name) => [name, name])),
    defaultVariant: fallback,
  }
}

function infoOf(key: FlagKey, document: FlagDocument, changedAt: number): FlagInfo {
  const { what, owner, removeWhen, sticky } = FLAGS[key]
  const entry = entryOf(document, key)
  const shares = sharesOf(entry)
  return {
    key,
    what,
    owner,
    removeWhen,
    sticky,
    state: entry.state === 'DISABLED' ? 'killed' : 'enabled',
    variants: Object.keys(entry.variants),
    defaultVariant: entry.defaultVariant,
    ...(shares ? { shares } : {}),
    changedAt,
  }
}

function edited(entry: FlagEntry, { state, defaultVariant, shares }: FlagEdit): FlagEntry {
  const next: FlagEntry = { ...entry }
  if (state !== undefined) next.state = state === 'killed' ? 'DISABLED' : 'ENABLED'
  if (defaultVariant !== undefined) next.defaultVariant = defaultVariant
  if (shares === null) delete next.targeting
  else if (shares !== undefined) next.targeting = { fractional: Object.entries(shares) }
  return next
}

/** A reader of the file finds the old one or the new one, also after a power cut. */
function replaceFile(file: string, text: string): void {
  const next = `${file}.new`
  const handle = openSync(next, 'w', 0o600)
  writeSync(handle, text)
  fsyncSync(handle)
  closeSync(handle)
  renameSync(next, file)
}

class FileFlags implements FlagStore {
  readonly file: string
  readonly #options: FlagStoreOptions
  readonly #provider = createFileProvider()
  readonly #listeners = new Set<() => void>()
  readonly #timer: NodeJS.Timeout
  readonly #watcher
  #document = emptyDocument()
  #text = ''
  #stamp = ''
  #fault: string | undefined
  #readAt = 0
  #changes = 0

  constructor(options: FlagStoreOptions) {
    this.#options = options
    this.file = options.file
    this.#look()
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS).unref()
    const name = basename(this.file)
    this.#watcher = watch(dirname(this.file), { persistent: false }, (_, changed) => {
      if (changed === name || changed === null) this.#look()
    })
    this.#watcher.on('error', () => undefined)
  }

  async ready(): Promise<this> {
    await OpenFeature.setProviderAndWait(this.#options.domain, this.#provider)
    return this
  }

  /** Reads the file if it is another than the last time. A bad one is never in force. */
  #look(): void {
    const stat = statSync(this.file, { throwIfNoEntry: false })
    const stamp = stat ? `${stat.ino} ${stat.size} ${stat.mtimeMs}` : 'none'
    if (stamp === this.#stamp) return
    this.#stamp = stamp
    const bytes = stat ? readFileSync(this.file) : Buffer.from(JSON.stringify(emptyDocument()))
    try {
      this.#take(bytes)
    } catch (error) {
      if (!(error instanceof FlagFileError)) throw error
      this.#fault = error.message
      this.#options.onFault(error.message)
    }
    this.#readAt = this.#options.clock()
  }

  #take(bytes: Uint8Array): void {
    const { document, core } = readFlagFile(bytes)
    this.#fault = undefined
    const text = JSON.stringify(document)
    if (text === this.#text) return
    this.#text = text
    this.#document = document
    this.#changes += 1
    this.#provider.use(core)
    for (const listener of this.#listeners) listener()
  }

  async variant(key: FlagKey, target: string): Promise<string> {
    const { fallback, variants } = FLAGS[key]
    const client = OpenFeature.getClient(this.#options.domain)
    const value = await client.getStringValue(key, fallback, { targetingKey: target })
    return (variants as readonly string[]).includes(value) ? value : fallback
  }

  experimentOver(key: FlagKey): ExperimentKey | undefined {
    const named = entryOf(this.#document, key).metadata?.['experiment']
    const found = Object.entries(EXPERIMENTS).find(([name, { flag }]) => name === named && flag === key)
    return found?.[0] as ExperimentKey | undefined
  }

  list(): FlagInfo[] {
    return Object.keys(FLAGS)
      .filter(isFlag)
      .map((key) => infoOf(key, this.#document, this.#readAt))
  }

  #write(key: FlagKey, change: (entry: FlagEntry) => FlagEntry): void {
    this.#look()
    if (this.#fault !== undefined) {
      throw new CodedError('conflict', `${this.file} is not in force as it is now: ${this.#fault} Put it right first.`)
    }
    const { flags, ...rest } = this.#document
    const text = `${JSON.stringify({ ...rest, flags: { ...flags, [key]: change(entryOf(this.#document, key)) } }, null, 2)}\n`
    try {
      readFlagFile(Buffer.from(text))
    } catch (error) {
      if (error instanceof FlagFileError) throw new CodedError('bad_request', error.message)
      throw error
    }
    replaceFile(this.file, text)
    this.#look()
  }

  edit(key: FlagKey, edit: FlagEdit): void {
    this.#write(key, (entry) => edited(entry, edit))
  }

  setExperiment(key: ExperimentKey, running: boolean): void {
    this.#write(EXPERIMENTS[key].flag, ({ metadata = {}, ...entry }) => {
      const { experiment: _, ...others } = metadata
      return { ...entry, metadata: running ? { ...others, experiment: key } : others }
    })
  }

  fault = (): string | undefined => this.#fault
  readAt = (): number => this.#readAt
  changes = (): number => this.#changes

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#watcher.close()
    this.#listeners.clear()
  }
}

/** Opens the flags; a file that is not there leaves every flag at its default. */
export function openFlags(options: FlagStoreOptions): Promise<FlagStore> {
  return new FileFlags(options).ready()
}
