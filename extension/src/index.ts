import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application'
import { ICommandPalette, Notification } from '@jupyterlab/apputils'
import { IConsoleTracker } from '@jupyterlab/console'
import { INotebookTracker } from '@jupyterlab/notebook'
import { ISettingRegistry } from '@jupyterlab/settingregistry'
import { IStatusBar } from '@jupyterlab/statusbar'
import { ITranslator } from '@jupyterlab/translation'
import { startLectern } from './lab/start.ts'
import { ILectern } from './token.ts'

export { ILectern } from './token.ts'

/** In the order of `requires` and `optional`; what is not there is null. */
type Services = [
  INotebookTracker,
  ISettingRegistry,
  ITranslator | null,
  IStatusBar | null,
  ICommandPalette | null,
  IConsoleTracker | null,
]

const plugin: JupyterFrontEndPlugin<ILectern> = {
  id: '@lectern/jupyterlab:plugin',
  description: 'Reports what happens in notebooks to the class, and lets the student ask for help.',
  autoStart: true,
  requires: [INotebookTracker, ISettingRegistry],
  optional: [ITranslator, IStatusBar, ICommandPalette, IConsoleTracker],
  provides: ILectern,
  activate: async (app: JupyterFrontEnd, ...services: Services) => {
    const [tracker, registry, translator, statusBar, palette, consoles] = services
    const warn = (text: string) => void Notification.warning(text, { autoClose: false })
    const pluginId = plugin.id
    return startLectern({ app, tracker, consoles, registry, translator, statusBar, palette, warn, pluginId })
  },
}

export default plugin
