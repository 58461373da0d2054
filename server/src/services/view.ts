import type { ServicesAnswer } from '@lectern/protocol'
import type { Services, StartReport } from './services.ts'
import { readStarts } from './starts.ts'

/** What the server's own page says of its services, and does with them. */
export interface ServicesView {
  describe(): Promise<ServicesAnswer>
  /** See `Services.restart`. */
  restart(name: string): Promise<void>
}

/** Makes the view; the graph is asked for when it is needed, for it holds the routes that show it. */
export function viewServices<Parts extends object>(
  dataDir: string,
  services: () => { graph: Services<Parts>; report: StartReport },
): ServicesView {
  return {
    async describe() {
      const { graph, report } = services()
      const { totalMs, sumMs, sequential } = report
      const sequentialMs = readStarts(dataDir).sequential?.totalMs
      const all = (await graph.describe()).map(({ needs, ...view }) => ({ ...view, needs: [...needs] }))
      return { services: all, sequential, totalMs, sumMs, ...(sequentialMs === undefined ? {} : { sequentialMs }) }
    },
    restart: (name) => services().graph.restart(name),
  }
}
