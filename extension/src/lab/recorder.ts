import type { Captured } from '../core/captured.ts'
import type { BegunRun } from '../core/run-notes.ts'

/** Where what is seen in JupyterLab goes. Each does nothing while the student does not share. */
export interface Recorder {
  readonly capture: (captured: Captured) => void
  /** Notes that a run has begun, so that its end is told even if this page does not live to see it. Gives the run's id. */
  readonly begins: (run: BegunRun) => string | undefined
  readonly isSharing: () => boolean
}
