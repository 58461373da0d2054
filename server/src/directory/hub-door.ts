import type { HubDoor } from '@lectern/protocol'
import type { HubIdentity } from '../auth/jupyterhub.ts'

const EVERYONE = '*'

/** How the directory keeps which users of the Hub a class is open to; null: nobody. */
export function storedDoor({ open, groups }: HubDoor): string | null {
  if (open === 'everyone') return EVERYONE
  return open === 'groups' ? JSON.stringify([...new Set(groups)]) : null
}

/** What clients are told of it. */
export function doorOf(stored: string | null): HubDoor {
  if (stored === null) return { open: 'nobody', groups: [] }
  if (stored === EVERYONE) return { open: 'everyone', groups: [] }
  return { open: 'groups', groups: JSON.parse(stored) as string[] }
}

/** True if this user of the Hub joins without a code (SPEC JOI-21). */
export function letsIn(stored: string | null, { groups }: Pick<HubIdentity, 'groups'>): boolean {
  const door = doorOf(stored)
  return door.open === 'everyone' || door.groups.some((group) => groups.includes(group))
}
