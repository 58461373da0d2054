import type { JoinCode } from '@lectern/protocol'

/** True if nobody new can join by the code at `now` (ms). */
export function isOver({ expiresAt, maxUses, uses, student }: JoinCode, now: number): boolean {
  if (expiresAt !== undefined && expiresAt <= now) return true
  return student === undefined && maxUses !== undefined && uses >= maxUses
}

/** Codes by which anybody can join at `now` (ms), the newest first. */
export function openCodes(codes: readonly JoinCode[], now: number): JoinCode[] {
  return codes
    .filter((code) => code.student === undefined && !isOver(code, now))
    .toSorted((a, b) => b.createdAt - a.createdAt)
}
