import { Token, type JSONValue } from '@lumino/coreutils'

/** What other extensions can say to the class. */
export interface ILectern {
  /**
   * Captures a `custom` event, if the student shares. `name`: 1 to 128 characters, by convention `extension:what`; the class
   * sees it from level 1 on, `value` from level 2 on.
   * Resolves to true when it is kept, to false when nothing is shared now. Rejects when it can not be kept, with a TypeError
   * when name or value are too long (16 KiB as JSON) or nested more than 16 deep.
   */
  capture(name: string, value?: JSONValue): Promise<boolean>
}

/** To be named in `requires` or `optional` of a plug-in. */
export const ILectern = new Token<ILectern>(
  '@lectern/jupyterlab:ILectern',
  'Adds events of other extensions to the class.',
)
