// npm run audit: known weaknesses of what is installed with Lectern, where the registry can tell.
import { join } from 'node:path'
import { main, ROOT, run } from './lib/process.mjs'

/** What is shipped: the server with its page, and the extension. */
const ROOMS = ['.', 'extension']

/** @param {string} room */
async function audit(room) {
  const args = ['audit', '--omit=dev', '--audit-level=high', '--package-lock-only', '--json']
  const { code, output } = await run('npm', args, { cwd: join(ROOT, room), quiet: true })
  if (code === 0) return `ok     ${room}: nothing of high severity is known`
  const begin = output.indexOf('{')
  const answer = begin === -1 ? {} : JSON.parse(output.slice(begin, output.lastIndexOf('}') + 1))
  // A registry without this service says nothing of weaknesses, and must not stop a build.
  if (!answer.vulnerabilities) return `not run ${room}: the registry does not tell (${answer.message ?? 'no answer'})`
  throw new Error(`${room}: ${Object.keys(answer.vulnerabilities).join(', ')}. See \`npm audit\` there.`)
}

await main(async () => {
  let status = 0
  for (const room of ROOMS) {
    try {
      console.log(await audit(room))
    } catch (error) {
      console.log(`FAILED ${error instanceof Error ? error.message : String(error)}`)
      status = 1
    }
  }
  return status
})
