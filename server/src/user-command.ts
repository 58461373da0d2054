import { StaffRole, type AuditAction } from '@lectern/protocol'
import { Value } from 'typebox/value'
import { createStaff, linkPath } from './auth/people.ts'
import { DONE, publicUrl, USAGE, withPeople, type Call } from './command.ts'
import type { Config } from './config.ts'
import type { Directory } from './directory/directory.ts'
import type { UserRow } from './directory/users.ts'
import { CodedError } from './errors.ts'
import { openAuditOf } from './storage.ts'

interface Desk {
  readonly directory: Directory
  readonly config: Config
  readonly staff: ReturnType<typeof createStaff>
  readonly out: Call['out']
}

/** Notes in the audit what was done in a terminal. */
async function record({ config }: Desk, action: AuditAction, target: string): Promise<void> {
  const audit = await openAuditOf(config.dataDir)
  try {
    await audit.record({ actor: 'system', action, target, details: { by: 'command' } })
  } finally {
    await audit.close()
  }
}

async function byEmail({ directory }: Desk, email: string): Promise<UserRow> {
  const user = await directory.users.byEmail(email)
  if (!user) throw new CodedError('not_found', `There is no user with the address ${email}.`)
  return user
}

const print = ({ out, config }: Desk, secret: string) => out(`${publicUrl(config)}${linkPath(secret)}\n`)

async function list({ staff, out }: Desk): Promise<number> {
  for (const { email, name, role, disabledAt, waiting } of await staff.list()) {
    const state = disabledAt !== undefined ? 'disabled' : waiting ? 'has not set up the account' : 'active'
    out(`${email || '-'}\t${name}\t${role}\t${state}\n`)
  }
  return DONE
}

async function invite(desk: Desk, [email = '', role, ...words]: readonly string[]): Promise<number> {
  const name = words.join(' ').trim()
  if (!Value.Check(StaffRole, role) || !/^[^\s@]+@[^\s@]+$/.test(email) || name === '') return USAGE
  const { user, secret } = await desk.staff.invite({ email, name, role })
  await record(desk, 'person_invited', user.id)
  print(desk, secret)
  return DONE
}

async function recover(desk: Desk, [email, ...options]: readonly string[]): Promise<number> {
  const known = ['--end-sessions', '--remove-factors']
  if (email === undefined || options.some((option) => !known.includes(option))) return USAGE
  const asked = { endSessions: options.includes(known[0] ?? ''), removeFactors: options.includes(known[1] ?? '') }
  const { user, secret } = await desk.staff.recover((await byEmail(desk, email)).id, asked)
  await record(desk, 'recovery_made', user.id)
  print(desk, secret)
  return DONE
}

async function disable(desk: Desk, email: string | undefined, disabled: boolean): Promise<number> {
  if (email === undefined) return USAGE
  const { id } = await byEmail(desk, email)
  await desk.staff.edit(id, { disabled })
  await record(desk, 'person_disabled', id)
  return DONE
}

async function firstLink(desk: Desk): Promise<number> {
  const { users, links } = desk.directory
  if (await users.hasAdministrator()) {
    throw new CodedError('conflict', 'There is an administrator already; see: lectern user recover EMAIL.')
  }
  print(desk, await links.create(null))
  return DONE
}

/** `lectern user …`: the staff, from a terminal. Sessions that it ends close their sockets within a minute. */
export function userCommand({ args: [action, ...rest], out }: Call): Promise<number> | number {
  const work: Readonly<Record<string, (desk: Desk) => Promise<number>>> = {
    list,
    invite: (desk) => invite(desk, rest),
    recover: (desk) => recover(desk, rest),
    disable: (desk) => disable(desk, rest[0], true),
    enable: (desk) => disable(desk, rest[0], false),
    link: firstLink,
  }
  const one = action !== undefined && Object.hasOwn(work, action) ? work[action] : undefined
  if (!one) return USAGE
  return withPeople((directory, config) => {
    // The sockets belong to the server: what it finds run out, it closes.
    const endSessions = (user: string) => directory.sessions.lapse(user)
    return one({ directory, config, out, staff: createStaff({ directory, clock: Date.now, endSessions }) })
  })
}
