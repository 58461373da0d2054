import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { ErrorCode, Right, SystemPulse } from '@lectern/protocol'
import type { Principal, StaffPrincipal } from '../auth/principal.ts'
import type { Log } from '../log/log.ts'
import type { RequestTrace } from '../monitor/tracing.ts'

/** What the hub needs of the rest of the server. */
export interface HubOptions {
  log: Log
  /** Wall clock, ms since the epoch; shown to clients. */
  clock: () => number
  /** Monotonic clock, ms; every deadline follows it. */
  now: () => number
  /** Version of the server, for `welcome`. */
  version: string
  /** Whom a ticket was given to, once. */
  redeem: (ticket: string) => Principal | undefined
  /** Rejects with `not_found` or `forbidden` when a member of staff lacks the right, in the class where one is named. */
  authorize: (principal: StaffPrincipal, needs: Right, classId?: string) => Promise<unknown>
  /** What a member of staff is called; undefined for a script. */
  nameOf: (user: string) => Promise<string | undefined>
  /** Throws `wrong_origin` for a request that a page of another site made. */
  checkOrigin: (headers: IncomingHttpHeaders) => void
  /** Called when a connection has shown who it is. */
  onKnown: (request: IncomingMessage) => void
  /** One batch was acknowledged, `ms` after its frame came in. */
  acknowledged: (ms: number) => void
  /** A frame ended in this error; `by` is undefined before the hello. */
  failed: (code: ErrorCode, by: Principal | undefined) => void
  /** Begins the trace of a batch that came by socket; undefined when it is not traced. */
  trace: () => RequestTrace | undefined
  /** The live part of the system, for those who watch it (SPEC SUB-8). `joining`: for one who has just begun to. */
  pulse: (joining: boolean) => SystemPulse | Promise<SystemPulse>
  /** Resident bytes of the process. */
  residentBytes: () => number
  /** A fault that no client can mend. */
  onFault: (error: unknown) => void
}
