import type { Kysely, Transaction } from 'kysely'
import type { DirectoryParts, Tables } from './schema.ts'

type Db = Kysely<Tables> | Transaction<Tables>

/** Which student of a class a user of the JupyterHub is; the user's name is not kept, only what finds it. */
export function createHubStudents({ vault }: Pick<DirectoryParts, 'vault'>) {
  const hashOf = (id: string, user: string) => vault.blind(`hub in ${id}`, user)
  return {
    async find(db: Db, id: string, user: string): Promise<string | undefined> {
      const row = db.selectFrom('hub_students').select('student_id').where('class_id', '=', id)
      return (await row.where('hub_hash', '=', hashOf(id, user)).executeTakeFirst())?.student_id
    },

    async link(db: Db, id: string, who: { user: string; student: string }): Promise<void> {
      const row = { class_id: id, hub_hash: hashOf(id, who.user), student_id: who.student }
      await db.insertInto('hub_students').values(row).execute()
    },
  }
}
