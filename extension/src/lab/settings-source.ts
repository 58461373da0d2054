import type { ISettingRegistry } from '@jupyterlab/settingregistry'
import { detailsOf, type Settings, type SiteDefaults } from '../core/settings.ts'
import type { Typed } from './join-form.ts'

const text = (value: unknown) => (typeof value === 'string' ? value : '')

/** The person's settings: site defaults from `overrides.json`, then their own. */
function readSettings(source: ISettingRegistry.ISettings): Settings {
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

interface Parts {
  readonly source: ISettingRegistry.ISettings
  readonly site: SiteDefaults
  readonly quietMs: number
}

/** The settings as JupyterLab keeps them, with what the site says where the person does not. */
export interface SettingsSource {
  /** Calls `use` with what to join with, now and whenever it has changed and then stood still. */
  follow(use: (wanted: ReturnType<typeof detailsOf>) => void): void
  /** What stands there of what the form of joining asks. */
  typed(): Typed
  /** The site says which class it is, so that no code is needed. */
  knowsClass(): boolean
  /** Keeps what was typed as the person's own, and has it used at once. */
  save(typed: Typed): Promise<void>
}

/** Reads and writes the plug-in's settings. */
export function createSettingsSource({ source, site, quietMs }: Parts): SettingsSource {
  let last = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  let use: (wanted: ReturnType<typeof detailsOf>) => void = () => {}
  const apply = () => {
    clearTimeout(timer)
    const wanted = detailsOf(readSettings(source), site)
    const key = JSON.stringify(wanted)
    if (key === last) return
    last = key
    use(wanted)
  }
  return {
    follow(next) {
      use = next
      // The editor saves while somebody types: half a name is not to become a student.
      source.changed.connect(() => {
        clearTimeout(timer)
        timer = setTimeout(apply, quietMs)
      })
      apply()
    },
    typed() {
      const { enabled: _enabled, ...typed } = readSettings(source)
      const { server = '', code = '', name = '' } = site
      return {
        ...typed,
        server: typed.server || server,
        code: typed.code || code,
        name: typed.name || name,
      }
    },
    knowsClass: () => site.hub?.opens === true,
    async save(typed) {
      for (const [key, value] of Object.entries(typed)) {
        if (text(source.composite[key]) !== value) await source.set(key, value)
      }
      if (source.composite['enabled'] === false) await source.set('enabled', true)
      apply()
    },
  }
}
