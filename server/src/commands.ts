import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'
import type { ServicesAnswer } from '@lectern/protocol'
import { declaredServices, startApp, type App } from './app.ts'
import { linkPath } from './auth/people.ts'
import { DONE, FAILED, publicUrl, USAGE, withPeople, type Call, type Output } from './command.ts'
import { ConfigError, configurationDocument, loadConfig, type Config } from './config.ts'
import { CodedError } from './errors.ts'
import { createLogger } from './monitor/logger.ts'
import { ServiceError } from './services/graph.ts'
import { openAuditOf, renewServerKey } from './storage.ts'
import { backUp, backUpKeys, restore, verify } from './store/files.ts'
import { userCommand } from './user-command.ts'

const ASK_WITHIN_MS = 5_000

const HELP = `Usage: lectern COMMAND

  serve [--sequential-start]
                            start the server; one service after the other, to see what starting them together saves
  services                  show the services, and of a running server how they are
  config check              check the configuration and show what is wrong with it
  config doc                print docs/configuration.md
  errors doc                print docs/errors.md
  rights doc                print docs/rights.md
  user list                 show the staff
  user invite EMAIL ROLE NAME
                            add a member, instructor or admin and print a sign-in link
  user recover EMAIL [--end-sessions] [--remove-factors]
                            print a new sign-in link; second factors stay unless taken away
  user disable EMAIL        end an account without losing what it did; user enable EMAIL opens it again
  user link                 print a new link for the first administrator
  class list                show the classes
  class create NAME         make a class and print its join code
  backup FOLDER [--keys FOLDER]
                            copy all data into a new folder, also while the server runs; the keys into another, kept apart
  restore FOLDER [--keys FOLDER]
                            put a backup in the place of the data, while the server is stopped; and copied keys
  keys renew                wrap all keys with a new server's key, while the server is stopped
  verify [FOLDER]           read all data, or a backup, and check it
  audit verify [HASH]       check the chain of the audit, and that it holds the entry of this hash
`

/** Prints a new link while no administrator can sign in (SPEC AUT-2). */
async function offerFirstLink(app: App, config: Config, { out }: Output): Promise<void> {
  const { users, links } = app.directory
  if (await users.hasAdministrator()) return
  const link = `${config.publicUrl ?? app.url}${linkPath(await links.create(null))}`
  out(`Sign in as the first administrator with this link; it works once, within 24 hours:\n\n  ${link}\n\n`)
}

/** Resolves at the first signal to stop; the second one ends the process at once. */
function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((settle) => {
    let asked = false
    const take = (signal: NodeJS.Signals) => {
      if (asked) process.exit(FAILED)
      asked = true
      settle(signal)
    }
    process.on('SIGTERM', take)
    process.on('SIGINT', take)
  })
}

async function serve(call: Call): Promise<number> {
  if (call.args.some((argument) => argument !== '--sequential-start')) return USAGE
  const { config, warnings } = loadConfig()
  const logger = createLogger(config.logLevel)
  for (const warning of warnings) logger.warn(warning)
  const { promise: fatal, resolve: onFatal } = Promise.withResolvers<Error>()
  const end = Promise.race([stopSignal(), fatal])
  const app = await startApp({ config, logger, onFatal, sequentialStart: call.args.length > 0 })
  const { services, totalMs, sumMs } = app.report
  logger.info({ url: app.url, totalMs, sumMs, services }, 'listening')
  call.out(`Lectern listens on ${app.url}\n\n`)
  await offerFirstLink(app, config, call)
  const reason = await end
  logger.info({ reason: reason instanceof Error ? reason.message : reason }, 'stopping')
  const report = await app.stop()
  const late = report.services.filter(({ outcome }) => outcome !== 'stopped')
  for (const { name, outcome, error } of late) logger.error({ service: name, outcome, err: error }, 'bad stop')
  logger.info({ totalMs: report.totalMs }, 'stopped')
  return late.length === 0 && typeof reason === 'string' ? DONE : FAILED
}

/** The running server's own word on its services; undefined when none answers there. */
async function askServices({ host, port, adminToken }: Config): Promise<ServicesAnswer | undefined> {
  const reach = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  const url = `http://${reach.includes(':') ? `[${reach}]` : reach}:${port}/api/v2/system/services`
  const headers = adminToken === undefined ? {} : { authorization: `Bearer ${adminToken}` }
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(ASK_WITHIN_MS) }).catch(() => undefined)
  return answer?.ok ? ((await answer.json()) as ServicesAnswer) : undefined
}

async function services({ args, out }: Call): Promise<number> {
  if (args.length > 0) return USAGE
  const { config: checked } = loadConfig()
  const answer = await askServices(checked)
  if (!answer) {
    out(`No server answers at ${publicUrl(checked)}. What it would start:\n\n`)
    const declared = declaredServices({ config: checked, logger: createLogger('silent') })
    for (const { name, needs } of declared) out(`${name}\tneeds ${needs.join(', ') || 'nothing'}\n`)
    return DONE
  }
  const ms = (value: number) => `${Math.round(value)} ms`
  for (const { name, needs, within, state, ok, reason, at, ms: took, restarts } of answer.services) {
    const how = ok ? state : `${state}: ${reason ?? 'not ok'}`
    const again = restarts > 0 ? `, started again ${restarts} times` : ''
    const host = within === undefined ? '' : `\tin ${within}`
    out(`${name}\t${how}\tfrom ${ms(at)} for ${ms(took)}${again}\tneeds ${needs.join(', ') || 'nothing'}${host}\n`)
  }
  const { sequential, totalMs, sumMs, sequentialMs } = answer
  out(`\nStarted in ${ms(totalMs)}${sequential ? ', one after the other' : `; the parts took ${ms(sumMs)} in all`}.\n`)
  if (!sequential && sequentialMs !== undefined)
    out(`One after the other it took ${ms(sequentialMs)} when last tried.\n`)
  return answer.services.every(({ ok }) => ok) ? DONE : FAILED
}

async function config({ args, out, err }: Call): Promise<number> {
  if (args[0] === 'doc') {
    out(configurationDocument())
    return DONE
  }
  if (args[0] !== 'check') return USAGE
  const { config: checked, warnings } = loadConfig()
  for (const warning of warnings) err(`${warning}\n`)
  out(`The configuration is good: ${publicUrl(checked)}, data in ${checked.dataDir}.\n`)
  return DONE
}

function classes({ args: [action, ...name], out }: Call): Promise<number> | number {
  if (action === 'list') {
    return withPeople(async (directory) => {
      const students = await directory.students.counts()
      for (const row of await directory.classes.list()) {
        const codes = await directory.codes.list(row.id)
        const shown = codes.map(({ code }) => code).join(' ') || '-'
        out(`${row.id}\t${row.name}\t${shown}\t${students.get(row.id) ?? 0} students${row.ended_at ? '\tended' : ''}\n`)
      }
      return DONE
    })
  }
  if (action !== 'create' || name.length === 0) return USAGE
  return withPeople(async (directory) => {
    const { id } = await directory.classes.create({ name: name.join(' ') }, null)
    out(`${id}\t${(await directory.codes.create(id)).code}\n`)
    return DONE
  })
}

/** A folder, and that of `--keys` if it is named; undefined for anything else. */
function foldersOf([folder, option, keys, ...rest]: readonly string[]):
  | { folder: string; keys: string | undefined }
  | undefined {
  if (folder === undefined || rest.length > 0) return undefined
  if (option !== undefined && (option !== '--keys' || keys === undefined)) return undefined
  return { folder: resolve(folder), keys: keys === undefined ? undefined : resolve(keys) }
}

function backup({ args, out }: Call): number {
  const folders = foldersOf(args)
  if (!folders) return USAGE
  const { config: checked } = loadConfig()
  for (const file of backUp(checked.dataDir, folders.folder)) out(`${file}\n`)
  if (folders.keys === undefined) {
    out('The keys are not copied with it. Copy them with --keys FOLDER, apart, and keep the newest copy only.\n')
    return DONE
  }
  for (const file of backUpKeys(checked, folders.keys)) out(`${file}\n`)
  return DONE
}

function putBack({ args, out }: Call): number {
  const folders = foldersOf(args)
  if (!folders) return USAGE
  const { dataDir, keyFile } = loadConfig().config
  const { folder, keys } = folders
  const aside = restore(folder, { dataDir, keyFile, keys, now: new Date() })
  out(`${dataDir} holds what ${folder} held.${aside ? ` What was there before is in ${aside}.` : ''}\n`)
  return DONE
}

function check({ args: [folder], out, err }: Call): number {
  const {
    faults,
    classes: count,
    events,
  } = verify(folder === undefined ? loadConfig().config.dataDir : resolve(folder))
  for (const fault of faults) err(`${fault}\n`)
  if (faults.length > 0) return FAILED
  out(`Everything is as it should be: ${events} events of ${count} classes, offsets without gaps.\n`)
  return DONE
}

async function keys({ args: [action, ...rest], out }: Call): Promise<number> {
  if (action !== 'renew' || rest.length > 0) return USAGE
  const { dataDir, keyFile } = loadConfig().config
  renewServerKey({ dataDir, keyFile })
  const opened = await openAuditOf(dataDir)
  await opened.record({ actor: 'system', action: 'keys_renewed', details: { by: 'command' } })
  await opened.close()
  out(`${keyFile} holds a new key, which wraps all others. Copy the keys anew: backup FOLDER --keys FOLDER.\n`)
  return DONE
}

async function audit({ args: [action, known], out, err }: Call): Promise<number> {
  if (action !== 'verify') return USAGE
  const opened = await openAuditOf(loadConfig().config.dataDir)
  try {
    const { ok, entries, firstBroken, head } = await opened.verify()
    if (!ok) {
      err(`Entry ${firstBroken} is not as it was written; the ${entries} before it are.\n`)
      return FAILED
    }
    if (known !== undefined && !(await opened.holds(known))) {
      err(`The chain is whole, but no entry has the hash ${known}: it was cut off or begun anew.\n`)
      return FAILED
    }
    out(
      `The audit is whole: ${entries} entries. Note the newest hash to know later that none was cut off: ${head || '-'}\n`,
    )
    return DONE
  } finally {
    await opened.close()
  }
}

/** The routes are known to a server alone: one is started in a folder of its own, where nobody comes. */
async function rights({ args, out }: Call): Promise<number> {
  if (args[0] !== 'doc') return USAGE
  const dataDir = mkdtempSync(join(tmpdir(), 'lectern-rights-'))
  try {
    const { config: alone } = loadConfig({ env: { LECTERN_DATA_DIR: dataDir, LECTERN_PORT: '0' }, cwd: dataDir })
    await using app = await startApp({ config: alone, logger: createLogger('silent') })
    const { rightsDocument } = await import('./rights-document.ts')
    out(rightsDocument(app.routes))
    return DONE
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

const COMMANDS: Readonly<Record<string, (call: Call) => Promise<number> | number>> = {
  serve,
  services,
  config,
  errors: async ({ args, out }) => {
    if (args[0] !== 'doc') return USAGE
    const { errorsDocument } = await import('./errors-document.ts')
    out(errorsDocument())
    return DONE
  },
  rights,
  user: userCommand,
  class: classes,
  backup,
  restore: putBack,
  verify: check,
  audit,
  keys,
}

/** Runs a command; gives the exit code. What an administrator can put right is said in sentences, without a stack. */
export async function runCommand([name = '', ...args]: readonly string[], output: Output): Promise<number> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  try {
    const code = command ? await command({ args, ...output }) : USAGE
    if (code === USAGE) output.err(HELP)
    return code
  } catch (error) {
    const expected = error instanceof ConfigError || error instanceof ServiceError || error instanceof CodedError
    const text = error instanceof Error ? (expected ? error.message : (error.stack ?? error.message)) : String(error)
    output.err(`${text}\n`)
    return FAILED
  }
}
