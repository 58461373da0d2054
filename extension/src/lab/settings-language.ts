import type { ISettingRegistry } from '@jupyterlab/settingregistry'
import { settingsJa } from '../texts/settings-ja.ts'
import type { Texts } from '../texts/texts.ts'

type Plugin = ISettingRegistry.IPlugin

/** The schema with titles and descriptions of another language, where there are any. */
export function translated(
  schema: Plugin['schema'],
  { about, properties: words }: typeof settingsJa,
): Plugin['schema'] {
  const properties = Object.entries(schema.properties ?? {}).map(([name, property]) => [
    name,
    { ...property, ...(Object.hasOwn(words, name) ? words[name] : {}) },
  ])
  return {
    ...schema,
    description: about,
    properties: Object.fromEntries(properties) as NonNullable<typeof schema.properties>,
  }
}

/** Shows the settings in the language of the other texts: the server of JupyterLab translates schemas only by language packs. */
export function translateSettings(registry: ISettingRegistry, pluginId: string, { language }: Texts): void {
  registry.transform(pluginId, {
    fetch: (plugin: Plugin) =>
      language === 'ja' ? { ...plugin, schema: translated(plugin.schema, settingsJa) } : plugin,
  })
}
