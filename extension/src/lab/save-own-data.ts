import type { Problem } from '../core/server.ts'
import type { Room } from './room.ts'

/** Saves everything that the class has of the student as a file; resolves with what went wrong, if anything did. */
export async function saveOwnData({ client }: Room): Promise<Problem | undefined> {
  const answer = await client.ownFile('/me/export')
  if (!answer.ok) return answer.problem
  const link = document.createElement('a')
  link.href = URL.createObjectURL(answer.value)
  link.download = 'my-lectern-data.jsonl'
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href))
  return undefined
}
