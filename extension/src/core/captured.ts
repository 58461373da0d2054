import type { CellRef, EventType, NotebookRef } from '../../../protocol/src/events.ts'

/** What was captured, before identity, order and collection level. */
export interface Captured {
  readonly type: EventType
  readonly notebook?: NotebookRef | undefined
  readonly cell?: CellRef | undefined
  readonly data?: object
  /** ms of this computer's clock; now when missing. */
  readonly at?: number
  /** Of the run that ends with this, as `begins` gave it. */
  readonly run?: string
}
