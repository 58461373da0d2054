import type { JupyterFrontEnd } from '@jupyterlab/application'
import type { ICommandPalette } from '@jupyterlab/apputils'
import type { INotebookTracker } from '@jupyterlab/notebook'
import type { ConsentAnswer } from '../../../protocol/src/consent.ts'
import type { Captured } from '../core/captured.ts'
import type { Client } from '../core/client.ts'
import type { Memberships, Standing } from '../core/membership.ts'
import type { Pause, PausedUntil } from '../core/pause.ts'
import type { Problem } from '../core/server.ts'
import type { Status } from '../core/status.ts'
import type { Store } from '../core/store.ts'
import type { Talk } from '../core/talk.ts'
import type { Panel } from '../panel/panel.tsx'
import type { Texts } from '../texts/texts.ts'

/** What is shown at the moment. */
export interface Shown {
  readonly status: Status
  readonly standing: Standing
  readonly paused: PausedUntil
}

/** What the parts of the student's side share. */
export interface Room {
  readonly app: JupyterFrontEnd
  readonly tracker: INotebookTracker
  readonly palette: ICommandPalette | null
  readonly texts: Texts
  readonly client: Client
  readonly memberships: Memberships
  readonly pause: Pause
  readonly talk: Talk
  /** Answers what may be collected, before joining or later; resolves with what went wrong, if anything did. */
  readonly answer: (answer: ConsentAnswer) => Promise<Problem | undefined>
  /** Keeps an event, if something may be captured now. Rejects when it could not be kept. */
  readonly capture: (captured: Captured) => Promise<unknown>
  readonly shown: Store<Shown>
  readonly panel: Panel
}
