import type { ISettingRegistry } from '@jupyterlab/settingregistry'
import { detailsOf, type Settings, type SiteDefaults } from '../core/settings.ts'

const text = (value: unknown) => (typeof value === 'string' ? value : '')

/** The person's settings: site defaults from `overrides.json`, then their own. */
export function readSettings(source: ISettingRegistry.ISettings): Settings {
  const { enabled, server, code, name, email, team } = source.composite
  return {
    enabled: enabled !== false,
    server: text(server),
    code: text(code),
    name: text(name),
    email: text(email),
    team: text(team),
  }
}

interface Following {
  readonly source: ISettingRegistry.ISettings
  readonly site: SiteDefaults
  readonly quietMs: number
}

/** Calls `use` with what to join with, now and whenever it has changed and then stood still for `quietMs`. */
export function followSettings(
  { source, site, quietMs }: Following,
  use: (wanted: ReturnType<typeof detailsOf>) => void,
): void {
  let last = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  const apply = () => {
    const wanted = detailsOf(readSettings(source), site)
    const key = JSON.stringify(wanted)
    if (key === last) return
    last = key
    use(wanted)
  }
  // The editor saves while somebody types: half a name is not to become a student.
  source.changed.connect(() => {
    clearTimeout(timer)
    timer = setTimeout(apply, quietMs)
  })
  apply()
}
