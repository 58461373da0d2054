const NAME = 'server-side-execution'
const KERNEL_MS = 300

/** The first line of a cell that runs on the server; every other cell runs as always. */
export const ON_SERVER = '# on the server'

/**
 * What a build leaves of an extension that runs cells without a request of the page, by hand: it takes the place of
 * JupyterLab's own executor, and what a server would write into the shared notebook (count, outputs) appears there. A
 * source with `raise NAME` in it ends with that error.
 */
const ENTRY = `
let scope
const shared = async (name) => {
  const versions = scope[name]
  return (await versions[Object.keys(versions)[0]].get())()
}
let count = 0
const outputsOf = (source) => {
  const [, ename] = /raise (\\w+)/.exec(source) ?? []
  if (ename) return [{ output_type: 'error', ename, evalue: 'on the server', traceback: [ename] }]
  return [{ output_type: 'stream', name: 'stdout', text: 'from the server\\n' }]
}
const runOnServer = async ({ cell, onCellExecutionScheduled, onCellExecuted }) => {
  const { sharedModel } = cell.model
  onCellExecutionScheduled({ cell })
  await new Promise((go) => setTimeout(go, ${KERNEL_MS}))
  sharedModel.execution_count = count += 1
  sharedModel.setOutputs(outputsOf(sharedModel.getSource()))
  onCellExecuted({ cell, success: true })
  return true
}
const plugin = async () => {
  const { INotebookCellExecutor, runCell } = await shared('@jupyterlab/notebook')
  const isOurs = ({ model }) => model.type === 'code' && model.sharedModel.getSource().startsWith('${ON_SERVER}')
  return {
    id: '${NAME}:plugin',
    autoStart: true,
    provides: INotebookCellExecutor,
    activate: () => ({ runCell: (options) => (isOurs(options.cell) ? runOnServer(options) : runCell(options)) }),
  }
}
globalThis._JUPYTERLAB ??= {}
globalThis._JUPYTERLAB['${NAME}'] = {
  init: async (given) => void (scope = given),
  get: async () => {
    const made = await plugin()
    return () => ({ __esModule: true, default: made })
  },
}
`

/** Files for `startJupyter({ extensions })`. */
export const SERVER_SIDE_EXECUTION: Readonly<Record<string, string>> = {
  [`${NAME}/package.json`]: JSON.stringify({
    name: NAME,
    version: '1.0.0',
    jupyterlab: {
      extension: true,
      disabledExtensions: ['@jupyterlab/notebook-extension:cell-executor'],
      _build: { load: 'static/entry.js', extension: './extension' },
    },
  }),
  [`${NAME}/static/entry.js`]: ENTRY,
}
