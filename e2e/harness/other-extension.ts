const NAME = 'other-extension'

/**
 * What a build leaves of a small extension that requires Lectern's token, by hand: it takes the token from the shared scope,
 * as every federated extension does, waits until Lectern is ready to share, and captures one good and one bad event.
 */
const ENTRY = `
let scope
const token = async () => {
  const versions = scope['@lectern/jupyterlab']
  const { ILectern } = (await versions[Object.keys(versions)[0]].get())()
  return ILectern
}
const capture = async (lectern) => {
  while (!(await lectern.capture('other:loaded', { answer: 42 }))) await new Promise((go) => setTimeout(go, 500))
  return [true, await lectern.capture('x'.repeat(200)).catch((error) => !(error instanceof TypeError))]
}
const plugin = async () => ({
  id: '${NAME}:plugin',
  autoStart: true,
  requires: [await token()],
  activate: (app, lectern) => void (globalThis.otherExtension = capture(lectern)),
})
globalThis._JUPYTERLAB ??= {}
globalThis._JUPYTERLAB['${NAME}'] = {
  init: async (shared) => void (scope = shared),
  get: async () => {
    const made = await plugin()
    return () => ({ __esModule: true, default: made })
  },
}
`

/** Files for `startJupyter({ extensions })`. */
export const OTHER_EXTENSION: Readonly<Record<string, string>> = {
  [`${NAME}/package.json`]: JSON.stringify({
    name: NAME,
    version: '1.0.0',
    jupyterlab: { extension: true, _build: { load: 'static/entry.js', extension: './extension' } },
  }),
  [`${NAME}/static/entry.js`]: ENTRY,
}
