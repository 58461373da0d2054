import type { JupyterFrontEnd } from '@jupyterlab/application'
import type { ICommandPalette } from '@jupyterlab/apputils'
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook'
import type { ISettingRegistry } from '@jupyterlab/settingregistry'
import type { IStatusBar } from '@jupyterlab/statusbar'
import type { ITranslator } from '@jupyterlab/translation'
import type { Captured, Status } from '../core/client.ts'
import { createStore } from '../core/store.ts'
import { createClassSection } from '../panel/class-section.tsx'
import { createPanel, type Panel } from '../panel/panel.tsx'
import { statusLine } from '../texts/status-line.ts'
import { textsFor, type Texts } from '../texts/texts.ts'
import { createBrowserClient } from './browser.ts'
import { addConsent } from './consent.ts'
import { addHelp } from './help.ts'
import { lecternIcon } from './icons.ts'
import { watchPage } from './page-life.ts'
import { notebookRef } from './refs.ts'
import type { Room, Shown } from './room.ts'
import { followSettings } from './settings-source.ts'
import { createSiteRequests, loadSite } from './site.ts'
import { StatusItem } from './status-item.ts'
import { notices, tipText } from './tip-text.ts'
import { watchAll } from './watch-all.ts'
import { openedData } from './watch-notebook.ts'

const SETTINGS_QUIET_MS = 1_500
const PANEL = 'lectern:panel'

/** What JupyterLab gives to the plug-in; absent services are null. */
interface Parts {
  readonly app: JupyterFrontEnd
  readonly tracker: INotebookTracker
  readonly registry: ISettingRegistry
  readonly translator: ITranslator | null
  readonly statusBar: IStatusBar | null
  readonly palette: ICommandPalette | null
  readonly warn: (text: string) => void
  readonly pluginId: string
}

const NOTHING: Status = { state: 'off', waiting: 0, waitingElsewhere: 0, live: false, storage: 'indexeddb' }

/** Starts capturing, sending and showing. */
export async function startLectern(parts: Parts): Promise<void> {
  const { app, tracker, palette, translator } = parts
  const texts = textsFor(translator?.languageCode ?? 'en')
  const shown = createStore<Shown>({ status: NOTHING, gaps: [] })
  const { serverSettings } = app.serviceManager
  const onStatus = (status: Status) => shown.set({ ...shown.get(), status })
  const joinFromHub = createSiteRequests(serverSettings).join
  const client = await createBrowserClient({ version: app.version, onStatus, joinFromHub })
  let sharing = false
  const capture = (captured: Captured) => (sharing ? client.capture(captured) : Promise.resolve(undefined))
  const send = (captured: Captured) =>
    void capture(captured).catch(() => parts.warn(texts.problems.byCode['storage_blocked'] ?? ''))

  const panel = addPanel(parts, texts)
  const room: Room = { app, tracker, palette, texts, client, capture, shown, panel }
  addHelp(room)
  addConsent(room)
  panel.add({ id: 'class', title: texts.panel.klassTitle, rank: 90, Body: createClassSection(room) })
  addStatusItem(parts.statusBar, room)

  const watching = watchAll(tracker, send)
  watchPage(client, send, watching.flush)
  const [source, site] = await Promise.all([parts.registry.load(parts.pluginId), loadSite(serverSettings)])
  followSettings({ source, site, quietMs: SETTINGS_QUIET_MS }, ({ details, gaps }) => {
    void client.configure(details).then(() => {
      sharing = details !== undefined
      if (sharing) begin(send, { app, translator }, watching.open())
      shown.set({ ...shown.get(), gaps })
    })
  })
  if (shown.get().status.storage === 'memory') parts.warn(notices(texts, shown.get()).join('\n'))
}

/** The side panel and the command that opens it. */
function addPanel({ app, palette }: Parts, texts: Texts): Panel {
  const panel = createPanel({
    label: texts.panel.title,
    activate: () => app.shell.activateById(panel.widget.id),
  })
  panel.widget.id = 'lectern-panel'
  panel.widget.title.icon = lecternIcon
  panel.widget.title.caption = texts.panel.title
  app.shell.add(panel.widget, 'right', { rank: 300 })
  app.commands.addCommand(PANEL, { label: texts.panel.open, icon: lecternIcon, execute: () => panel.reveal() })
  palette?.addItem({ command: PANEL, category: texts.panel.title })
  return panel
}

/** The line in the status bar, which opens the panel. */
function addStatusItem(statusBar: IStatusBar | null, { shown, texts, panel }: Room): void {
  const item = new StatusItem(() => panel.reveal())
  const show = () => {
    const { status, gaps } = shown.get()
    item.say(statusLine(texts, status, gaps), tipText(texts, shown.get()))
  }
  shown.subscribe(show)
  show()
  statusBar?.registerStatusItem('lectern:status', { item, align: 'right', rank: 900 })
}

type Send = (captured: Captured) => void

/** The first events of a join: the session, and what is open already. */
function begin(
  send: Send,
  { app, translator }: Pick<Parts, 'app' | 'translator'>,
  open: readonly NotebookPanel[],
): void {
  const data = { client: `${app.name} ${app.version}`.slice(0, 200), language: translator?.languageCode ?? 'en' }
  send({ type: 'session_started', data })
  for (const panel of open) {
    send({ type: 'notebook_opened', notebook: notebookRef(panel), data: openedData(panel) })
  }
}
