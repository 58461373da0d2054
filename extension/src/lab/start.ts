import type { JupyterFrontEnd } from '@jupyterlab/application'
import type { ICommandPalette } from '@jupyterlab/apputils'
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook'
import type { ISettingRegistry } from '@jupyterlab/settingregistry'
import type { IStatusBar } from '@jupyterlab/statusbar'
import type { ITranslator } from '@jupyterlab/translation'
import type { Captured, Status } from '../core/client.ts'
import type { SettingsGap } from '../core/settings.ts'
import { statusLine, textsFor, type Texts } from '../core/texts.ts'
import { createConsent } from './consent.ts'
import { createBrowserClient } from './browser.ts'
import { notices, showDetails, tipText } from './details.ts'
import { handIcon, toggleHelp } from './help.ts'
import { watchPage } from './page-life.ts'
import { followSettings } from './settings-source.ts'
import { StatusItem } from './status-item.ts'
import { openedData, watchNotebook } from './watch-notebook.ts'
import { watchRuns } from './watch-runs.ts'
import { notebookRef } from './refs.ts'

const SETTINGS_QUIET_MS = 1_500
const HELP = 'lectern:help'
const DETAILS = 'lectern:details'
const CONSENT = 'lectern:consent'

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

/** What is shown at the moment. */
interface Shown {
  status: Status
  gaps: readonly SettingsGap[]
}

const NOTHING: Status = { state: 'off', waiting: 0, waitingElsewhere: 0, live: false, storage: 'indexeddb' }

/** Starts capturing, sending and showing. */
export async function startLectern(parts: Parts): Promise<void> {
  const { app, tracker, translator } = parts
  const texts = textsFor(translator?.languageCode ?? 'en')
  const shown: Shown = { status: NOTHING, gaps: [] }
  const item = new StatusItem(() => void app.commands.execute(DETAILS))
  const show = () => {
    const view = { texts, ...shown }
    item.say(statusLine(texts, shown.status, shown.gaps), tipText(view))
    for (const id of [HELP, DETAILS, CONSENT]) if (app.commands.hasCommand(id)) app.commands.notifyCommandChanged(id)
  }
  const consent = createConsent({
    texts,
    answer: (given) => client.answerConsent(given),
    status: () => shown.status,
  })
  const client = await createBrowserClient(app.version, (status) => {
    shown.status = status
    show()
    consent.look()
  })
  let sharing = false
  const capture = (captured: Captured) => (sharing ? client.capture(captured) : Promise.resolve(undefined))
  const send = (captured: Captured) =>
    void capture(captured).catch(() => parts.warn(texts.problems['storage_blocked'] ?? ''))

  addCommands(parts, texts, { shown, capture, askConsent: consent.ask })
  parts.statusBar?.registerStatusItem('lectern:status', { item, align: 'right', rank: 900 })
  const watching = watchAll(tracker, send)
  watchPage(client, send, watching.flush)

  const source = await parts.registry.load(parts.pluginId)
  followSettings(source, SETTINGS_QUIET_MS, ({ details, gaps }) => {
    shown.gaps = gaps
    void client.configure(details).then(() => {
      sharing = details !== undefined
      if (sharing) begin(send, { app, translator }, watching.open())
      show()
    })
  })
  show()
  if (shown.status.storage === 'memory') parts.warn(notices({ texts, ...shown }).join('\n'))
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

/** Watches every notebook that is open or will be. */
function watchAll(tracker: INotebookTracker, capture: (captured: Captured) => void) {
  const clock = () => Date.now()
  const flushes = new Map<NotebookPanel, { flush(): void; edits: { flush(cell: never): void } }>()
  const runs = watchRuns({
    panelOf: (notebook) => tracker.find((panel) => panel.content === notebook),
    clock,
    onBegin: (cell) => {
      for (const { edits } of flushes.values()) edits.flush(cell as never)
    },
    capture,
  })
  const watch = async (panel: NotebookPanel) => {
    panel.sessionContext.iopubMessage.connect((_, message) => runs.kernelSaid(panel, message))
    const last = { notebook: notebookRef(panel) }
    panel.disposed.connect(() => {
      flushes.delete(panel)
      capture({ type: 'notebook_closed', ...last })
    })
    const watched = await watchNotebook(panel, { capture, clock, onKernelGone: () => runs.abort(panel) })
    if (!watched) return
    last.notebook = notebookRef(panel)
    panel.context.pathChanged.connect(() => (last.notebook = notebookRef(panel)))
    flushes.set(panel, watched)
  }
  tracker.forEach((panel) => void watch(panel))
  tracker.widgetAdded.connect((_, panel) => void watch(panel))
  return {
    /** Notebooks whose opening was noticed. */
    open: () => [...flushes.keys()],
    flush: () => {
      for (const watched of flushes.values()) watched.flush()
    },
  }
}

interface CommandParts {
  readonly shown: Shown
  readonly capture: (captured: Captured) => Promise<unknown>
  readonly askConsent: () => Promise<void>
}

function addCommands({ app, tracker, palette }: Parts, texts: Texts, commands: CommandParts): void {
  const { shown, capture, askConsent } = commands
  const isOpen = () => shown.status.join?.help.open === true
  const view = () => ({ texts, ...shown })
  app.commands.addCommand(HELP, {
    // Beside an icon toolbars show no text, and a hand alone does not say what it does.
    label: ({ toolbar }) => {
      if (!isOpen()) return texts.helpAsk
      return toolbar ? texts.helpOpen : texts.helpWithdraw
    },
    // Notebook 7 has no status bar: what is sent and waiting stands in this tip as well.
    caption: () => {
      const does = shown.status.state === 'off' ? texts.helpNotJoined : isOpen() ? texts.helpWithdraw : texts.helpAsk
      return `${does}\n\n${statusLine(texts, shown.status, shown.gaps)}\n${tipText(view())}`
    },
    icon: ({ toolbar }) => (toolbar ? undefined : handIcon),
    className: () => (isOpen() ? 'lectern-help-open' : ''),
    isToggled: isOpen,
    isToggleable: true,
    isEnabled: () => shown.status.state !== 'off',
    execute: () => toggleHelp({ texts, tracker, capture, status: () => shown.status }),
  })
  app.commands.addCommand(DETAILS, {
    label: texts.details,
    execute: async () => {
      if (!(await showDetails(view()))) return
      if (app.commands.hasCommand('settingeditor:open'))
        await app.commands.execute('settingeditor:open', { query: 'Lectern' })
    },
  })
  app.commands.addCommand(CONSENT, {
    label: texts.consent,
    isEnabled: () => shown.status.state === 'joined',
    execute: askConsent,
  })
  for (const command of [HELP, DETAILS, CONSENT]) palette?.addItem({ command, category: texts.title })
}
