// Builds the dashboard into dashboard/dist.
import { buildDashboard } from './lib/builds.mjs'
import { main } from './lib/process.mjs'
import { ensureRuntime } from './lib/runtime.mjs'

await main(async () => {
  await ensureRuntime(import.meta.url)
  const built = await buildDashboard({ force: process.argv.includes('--force') })
  console.error(built ? 'Built dashboard/dist.' : 'dashboard/dist is current.')
  return 0
})
