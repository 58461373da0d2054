import type { JupyterFrontEnd } from '@jupyterlab/application'
import type { ICommandPalette } from '@jupyterlab/apputils'
import type { IConsoleTracker } from '@jupyterlab/console'
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook'
import type { ISettingRegistry } from '@jupyterlab/settingregistry'
import type { IStatusBar } from '@jupyterlab/statusbar'
import type { ITranslator } from '@jupyterlab/translation'
import type { Captured } from '../core/captured.ts'
import { customEvent } from '../core/custom.ts'
import { deepLinkOf, withoutDeepLink, type DeepLink } from '../core/deep-link.ts'
import { createMemberships } from '../core/membership.ts'
import type { Status } from '../core/status.ts'
import { createStore, type Store } from '../core/store.ts'
import { createTalk } from '../core/talk.ts'
import { createClassSection, createMembershipSection } from '../panel/class-section.tsx'
import { createOwnSection } from '../panel/own-section.tsx'
import { createPanel, type Panel } from '../panel/panel.tsx'
import { createSentSection } from '../panel/sent-section.tsx'
import { createSharingSection } from '../panel/sharing-section.tsx'
import { statusLine } from '../texts/status-line.ts'
import { textsFor, type Texts } from '../texts/texts.ts'
import type { ILectern } from '../token.ts'
import { adoptRuns } from './adopt.ts'
import { createBrowserClient, sleep } from './browser.ts'
import { browserStorage } from './browser-storage.ts'
import { addConsent } from './consent.ts'
import { addHelp } from './help.ts'
import { lecternIcon } from './icons.ts'
import { addJoin } from './join.ts'
import { watchPage } from './page-life.ts'
import { addOffers } from './offers.ts'
import type { PageRoll } from './page-roll.ts'
import { addPause, createBrowserPause } from './pause.ts'
import { addProgress } from './progress.ts'
import type { Recorder } from './recorder.ts'
import { notebookRef } from './refs.ts'
import type { Room, Shown } from './room.ts'
import { translateSettings } from './settings-language.ts'
import { createSettingsSource } from './settings-source.ts'
import { createFromHub, loadSite } from './site.ts'
import { StatusItem } from './status-item.ts'
import { addTalk } from './talk.ts'
import { tipText } from './tip-text.ts'
import { watchAll } from './watch-all.ts'
import { openedData } from './watch-notebook.ts'

const SETTINGS_QUIET_MS = 1_500
const PREVIEW_RETRY_MS = 10_000
const PANEL = 'lectern:panel'

/** What JupyterLab gives to the plug-in; absent services are null. */
interface Parts {
  readonly app: JupyterFrontEnd
  readonly tracker: INotebookTracker
  readonly consoles: IConsoleTracker | null
  readonly registry: ISettingRegistry
  readonly translator: ITranslator | null
  readonly statusBar: IStatusBar | null
  readonly palette: ICommandPalette | null
  readonly warn: (text: string) => void
  readonly pluginId: string
}

const NOTHING: Status = { state: 'off', waiting: 0, waitingElsewhere: 0, live: false, storage: 'indexeddb' }

/** Starts capturing, sending and showing. */
export async function startLectern(parts: Parts): Promise<ILectern> {
  const { app } = parts
  const { serverSettings } = app.serviceManager
  const link = takeDeepLink()
  const texts = textsFor(parts.translator?.languageCode ?? 'en')
  translateSettings(parts.registry, parts.pluginId, texts)
  const { room, roll } = await createRoom(parts, texts)
  const recorder = createRecorder(room, parts.warn)
  const send = recorder.capture
  addHelp(room)
  const notebooks = addProgress(room)
  addTalk(room, notebooks)
  addConsent(room)
  addPause(room)
  addSections(room)
  addStatusItem(parts.statusBar, room)

  const { tracker, consoles } = parts
  const watching = watchAll({ tracker, consoles, kernels: app.serviceManager.kernels, recorder })
  void adoptRuns(room.client, roll, watching).catch(() => undefined)
  watchPage(room.client, send, watching.flush)
  whenIn(room, () => begin(send, parts, watching.open()))
  followPause(room, watching.flush)
  const [settings, site] = await Promise.all([parts.registry.load(parts.pluginId), loadSite(serverSettings)])
  addOffers(room, () => Number(settings.composite['helpOffersPerDay'] ?? 0))
  const source = createSettingsSource({ source: settings, site, quietMs: SETTINGS_QUIET_MS })
  const joining = addJoin(room, source)
  source.follow((wanted) => void room.memberships.use(wanted))
  followOtherTabs(room)
  if (link) void joining.open(link)
  if (room.shown.get().status.storage === 'memory') parts.warn(room.texts.panel.storageMemory)
  return { capture: async (name, value) => (await room.capture(customEvent(name, value))) !== undefined }
}

/** Where the watchers put what they see. */
function createRecorder(room: Room, tell: (text: string) => void): Recorder {
  const { client, capture, texts } = room
  const isIn = Promise.withResolvers<void>()
  whenIn(room, isIn.resolve)
  let told = false
  const send = (captured: Captured) =>
    void capture(captured).catch(() => {
      // Once is enough: the status bar and the panel go on saying it.
      if (!told) tell(texts.problems.byCode['storage_blocked'] ?? '')
      told = true
    })
  return {
    // A run that an earlier page began may end before this one knows its class.
    capture: (captured) => void (captured.run === undefined ? send(captured) : isIn.promise.then(() => send(captured))),
    begins: (run) => client.begins(run),
    isSharing: () => client.isSharing(),
  }
}

/** What another tab has answered or left holds here as well, as soon as this page is looked at. */
function followOtherTabs({ memberships }: Room): void {
  const look = () => {
    if (document.visibilityState === 'visible') void memberships.look()
  }
  globalThis.addEventListener('online', look)
  globalThis.addEventListener('storage', look)
  document.addEventListener('visibilitychange', look)
}

/** The class in the address of the page, which is taken out of it. */
function takeDeepLink(): DeepLink | undefined {
  const link = deepLinkOf(location.href)
  if (link) history.replaceState(history.state, '', withoutDeepLink(location.href))
  return link
}

/** Storage, client, panel and what is shown: everything that the parts share. */
async function createRoom(parts: Parts, texts: Texts): Promise<{ room: Room; roll: PageRoll }> {
  const { app, tracker, palette } = parts
  const shown = createStore<Shown>({ status: NOTHING, standing: { kind: 'off' }, paused: undefined })
  const change = (part: Partial<Shown>) => shown.set({ ...shown.get(), ...part })
  const { client, roll } = await createBrowserClient({
    version: app.version,
    onStatus: (status) => change({ status }),
    onTalk: (news) => talk.heard(news),
    fromHub: createFromHub(app.serviceManager.serverSettings),
  })
  const capture = (captured: Captured) => client.capture(captured)
  const talk = createTalk({ own: (request) => client.own(request), capture })
  const storage = browserStorage()
  const memberships = createMemberships({
    client,
    storage,
    sleep,
    retryMs: PREVIEW_RETRY_MS,
    onStanding: (standing) => change({ standing }),
  })
  const pause = createBrowserPause(storage, (paused) => change({ paused }))
  const answer: Room['answer'] = async (given) => {
    if (shown.get().standing.kind === 'in') return client.consent(given)
    await memberships.answer(given)
    return undefined
  }
  const panel = addPanel(parts, texts, shown)
  const room = { app, tracker, palette, texts, client, memberships, pause, talk, answer, capture, shown, panel }
  return { room, roll }
}

/** The sections of the panel that are always there. */
function addSections(room: Room): void {
  const { panel, texts, shown } = room
  const { sharing, sent, own } = texts
  const isShown = () => shown.get().standing.kind === 'in'
  panel.add({ id: 'class', rank: 0, Body: createClassSection(room) })
  panel.add({ id: 'sharing', title: sharing.title, rank: 40, isShown, Body: createSharingSection(room) })
  panel.add({ id: 'sent', title: sent.title, rank: 50, folded: true, isShown, Body: createSentSection(room) })
  panel.add({ id: 'own', title: own.title, rank: 60, folded: true, isShown, Body: createOwnSection(room) })
  panel.add({
    id: 'join',
    title: texts.panel.klass,
    rank: 70,
    folded: true,
    isShown,
    Body: createMembershipSection(room),
  })
}

/** Does `work` each time the student has come into a class. */
function whenIn({ shown }: Room, work: () => void): void {
  let last: string | undefined
  shown.subscribe(() => {
    const { standing, status } = shown.get()
    const install = standing.kind === 'in' ? status.join?.install : undefined
    if (install === last) return
    last = install
    if (install !== undefined) work()
  })
}

/** What was done before a pause is captured with it, and nothing of what was done in it. */
function followPause({ shown, client, pause }: Room, flush: () => void): void {
  let isPaused = false
  shown.subscribe(() => {
    const now = shown.get().paused !== undefined
    if (now === isPaused) return
    flush()
    isPaused = now
    client.pause(now)
  })
  pause.look()
}

/** The side panel and the command that opens it. */
function addPanel({ app, palette }: Parts, texts: Texts, changes: Store<Shown>): Panel {
  const panel = createPanel({
    label: texts.panel.title,
    changes,
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
  const show = () => item.say(statusLine(texts, shown.get()), tipText(texts, shown.get()))
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
