import { URLExt } from '@jupyterlab/coreutils'
import { ServerConnection } from '@jupyterlab/services'
import type { FromHub } from '../core/server.ts'
import type { SiteDefaults } from '../core/settings.ts'

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

function siteOf(body: unknown): SiteDefaults {
  if (typeof body !== 'object' || body === null) return {}
  const { hub, ...said } = body as Readonly<Record<string, unknown>>
  const site: Record<string, unknown> = {}
  for (const key of ['server', 'class', 'code', 'name']) {
    const value = text(said[key])
    if (value !== undefined) site[key] = value
  }
  const { user, opens } = (hub ?? {}) as { user?: unknown; opens?: unknown }
  const name = text(user)
  return name === undefined ? site : { ...site, hub: { user: name, opens: opens === true } }
}

const address = (settings: ServerConnection.ISettings, what: string) => URLExt.join(settings.baseUrl, 'lectern', what)

/** What the Jupyter server knows of its site, from its environment; nothing where it knows nothing, as JupyterLite and servers without the server extension. */
export async function loadSite(settings: ServerConnection.ISettings): Promise<SiteDefaults> {
  try {
    const answer = await ServerConnection.makeRequest(address(settings, 'site'), { cache: 'no-store' }, settings)
    return answer.ok ? siteOf(await answer.json()) : {}
  } catch {
    return {}
  }
}

/** Joins through the Jupyter server, which adds the Hub's token (SPEC JOI-20); rejects when that does not answer. */
export function createFromHub(settings: ServerConnection.ISettings): FromHub {
  return (what, body) => ServerConnection.makeRequest(address(settings, what), { method: 'POST', body }, settings)
}
