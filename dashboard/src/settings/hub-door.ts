import type { HubDoor } from '@lectern/protocol'

/** The door as it stands in the form: groups as they are typed. */
export interface TypedDoor {
  readonly open: HubDoor['open']
  readonly groups: string
}

/** What is typed to say the same. */
export function typedDoor({ open, groups }: HubDoor): TypedDoor {
  return { open, groups: groups.join(', ') }
}

/** What was typed, as the server takes it; undefined while no group is named. */
export function doorOf({ open, groups }: TypedDoor): HubDoor | undefined {
  if (open !== 'groups') return { open, groups: [] }
  const names = groups.split(/[,、]/).map((name) => name.trim())
  const named = names.filter((name) => name !== '')
  return named.length === 0 ? undefined : { open, groups: named }
}
