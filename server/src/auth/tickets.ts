import { TIMES } from '@lectern/protocol'
import { CodedError } from '../errors.ts'
import type { Principal } from './principal.ts'
import { newSecret, type RandomBytes } from './secrets.ts'

interface TicketsOptions {
  /** Monotonic clock, ms: a ticket's life does not follow changes of the wall clock. */
  now: () => number
  random: RandomBytes
}

const MAX_TICKETS = 50_000

/** Tickets for one socket each, held in memory only (SPEC SUB-1). */
export function createTickets({ now, random }: TicketsOptions) {
  const tickets = new Map<string, { principal: Principal; until: number }>()

  // All tickets live equally long, so the map is in the order of their ends.
  const sweep = () => {
    const at = now()
    for (const [ticket, { until }] of tickets) {
      if (until > at) return
      tickets.delete(ticket)
    }
  }

  return {
    /** A new ticket. Throws `rate_limited` when too many are open. */
    issue(principal: Principal): string {
      sweep()
      if (tickets.size >= MAX_TICKETS) throw new CodedError('rate_limited', 'Too many open tickets.', { retryAfter: 5 })
      const ticket = newSecret(random)
      tickets.set(ticket, { principal, until: now() + TIMES.ticketMs })
      return ticket
    },
    /** Who the ticket was given to, once; undefined when it was used, is too old, or never was. */
    redeem(ticket: string): Principal | undefined {
      sweep()
      const found = tickets.get(ticket)
      tickets.delete(ticket)
      return found?.principal
    },
    /** Ends the open tickets of those whom `ended` names. */
    drop(ended: (principal: Principal) => boolean): void {
      for (const [ticket, { principal }] of tickets) if (ended(principal)) tickets.delete(ticket)
    },
  }
}
