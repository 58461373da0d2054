import { newSecret } from '../auth/secrets.ts'
import type { DirectoryParts } from './schema.ts'

/** Secrets from which the pseudonyms of research exports are made, one for each researcher and class (SPEC RES-2). */
export function createResearchSecrets({ db, random }: Pick<DirectoryParts, 'db' | 'random'>) {
  return {
    /** The secret of this researcher and class; made at the first asking. */
    async of(id: string, user: string): Promise<string> {
      const row = { class_id: id, user_id: user, secret: newSecret(random) }
      await db
        .insertInto('research_secrets')
        .values(row)
        .onConflict((known) => known.doNothing())
        .execute()
      const kept = db.selectFrom('research_secrets').select('secret').where('class_id', '=', id)
      return (await kept.where('user_id', '=', user).executeTakeFirstOrThrow()).secret
    },
  }
}
