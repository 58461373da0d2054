import type { Node } from '../services/graph.ts'

/** The services in the log's thread, as seen from outside: the store stands on what the main thread hands over. */
export const LOG_SERVICES = [
  { name: 'store', needs: ['data', 'keys'] },
  { name: 'bus', needs: [] },
  { name: 'ingest', needs: ['store'] },
  { name: 'live', needs: ['store', 'bus'] },
] as const satisfies readonly Node[]
