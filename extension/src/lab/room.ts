import type { JupyterFrontEnd } from '@jupyterlab/application'
import type { ICommandPalette } from '@jupyterlab/apputils'
import type { INotebookTracker } from '@jupyterlab/notebook'
import type { Captured, Client, Status } from '../core/client.ts'
import type { SettingsGap } from '../core/settings.ts'
import type { Store } from '../core/store.ts'
import type { Panel } from '../panel/panel.tsx'
import type { Texts } from '../texts/texts.ts'

/** What is shown at the moment. */
export interface Shown {
  readonly status: Status
  readonly gaps: readonly SettingsGap[]
}

/** What the parts of the student's side share. */
export interface Room {
  readonly app: JupyterFrontEnd
  readonly tracker: INotebookTracker
  readonly palette: ICommandPalette | null
  readonly texts: Texts
  readonly client: Client
  /** Keeps an event, if something may be captured now. Rejects when it could not be kept. */
  readonly capture: (captured: Captured) => Promise<unknown>
  readonly shown: Store<Shown>
  readonly panel: Panel
}
