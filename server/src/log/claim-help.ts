import type { ClassFold } from '../live/live.ts'
import type { Claim, ClaimOutcome, ServerEvent } from './log.ts'

interface ClaimParts {
  fold: Pick<ClassFold, 'help'>
  append: (events: ServerEvent[]) => Promise<void>
}

/**
 * Says who goes to a student. Nothing comes between looking and writing, for the thread handles one message after the
 * other: of two who say so at the same time, one is told of the other (SPEC TLK-6).
 */
export async function claimHelp(
  { class: classId, student, by, over }: Claim,
  { fold, append }: ClaimParts,
): Promise<ClaimOutcome> {
  const { open, coming } = fold.help(student)
  if (!open) return { is: 'closed' }
  if (coming !== undefined && coming !== by && !over) return { is: 'held', by: coming }
  if (coming !== by) await append([{ class: classId, student, type: 'help_claimed', data: { by } }])
  return { is: 'claimed' }
}
