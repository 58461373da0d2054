// npm run sbom: what Lectern is made of, as CycloneDX, for the server with its page and for the extension.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { main, ROOT, run, Stop } from './lib/process.mjs'

const FOLDER = join(ROOT, '.lectern', 'sbom')
const ROOMS = { lectern: '.', 'lectern-jupyterlab': 'extension' }

await main(async () => {
  mkdirSync(FOLDER, { recursive: true })
  for (const [name, room] of Object.entries(ROOMS)) {
    const args = ['sbom', '--omit=dev', '--package-lock-only', '--sbom-format=cyclonedx']
    const { code, output } = await run('npm', args, { cwd: join(ROOT, room), quiet: true })
    if (code !== 0) throw new Stop(`npm could not list ${room}: ${output.trim().split('\n').at(-1)}`)
    const list = JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1))
    const file = join(FOLDER, `${name}.cdx.json`)
    writeFileSync(file, `${JSON.stringify(list, null, 2)}\n`)
    console.log(`${file}: ${list.components.length} components`)
  }
  return 0
})
