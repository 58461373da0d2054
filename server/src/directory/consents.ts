import {
  CONSENT_VERSION,
  RETENTION_DAYS,
  type CollectionLevel,
  type ConsentAnswer,
  type ConsentEntry,
  type ConsentState,
} from '@lectern/protocol'
import type { Selectable } from 'kysely'
import type { Owner } from '../keys/vault.ts'
import type { ClassRow } from './classes.ts'
import type { DirectoryParts, Tables } from './schema.ts'

/** What a student agreed to last. One object a student for the life of the server: whoever holds it sees every change. */
export interface Consent {
  sharing: boolean
  level: CollectionLevel
  /** What the class collected when it was answered. */
  asked: CollectionLevel
  version: number
  research: boolean
}

/** Consents held in memory; past this the longest held goes, and is read again. */
const MOST_HELD = 50_000
const NOTHING: Readonly<Consent> = { sharing: false, level: 0, asked: 0, version: 0, research: false }

const consentOf = (row: Selectable<Tables['consents']>): Consent => ({
  sharing: row.sharing === 1,
  level: row.level,
  asked: row.asked,
  version: row.version,
  research: row.research === 1,
})

/** What students agreed to: every answer is kept, the last one holds. */
export function createConsents({ db, clock }: DirectoryParts) {
  const held = new Map<string, Consent>()
  const keyOf = ({ class: classId, student }: Owner) => `${student} ${classId}`

  const hold = (owner: Owner, consent: Consent): Consent => {
    const known = held.get(keyOf(owner))
    if (known) return Object.assign(known, consent)
    const [oldest] = held.size >= MOST_HELD ? held.keys() : []
    if (oldest !== undefined) held.delete(oldest)
    held.set(keyOf(owner), consent)
    return consent
  }

  const all = (owner: Owner) =>
    db
      .selectFrom('consents')
      .selectAll()
      .where('class_id', '=', owner.class)
      .where('student_id', '=', owner.student)
      .orderBy('n')

  return {
    /** What holds for a student; nothing is agreed to before an answer. */
    async of(owner: Owner): Promise<Consent> {
      const known = held.get(keyOf(owner))
      if (known) return known
      const row = (await all(owner).execute()).at(-1)
      return hold(owner, row ? consentOf(row) : { ...NOTHING })
    },

    /** Every answer, the first first. */
    async history(owner: Owner): Promise<ConsentEntry[]> {
      const rows = await all(owner).execute()
      return rows.map((row) => {
        const { asked: _, ...consent } = consentOf(row)
        return { at: row.at, ...consent }
      })
    },

    /**
     * Keeps an answer to what the class collects now; from now on it holds. One that says what holds already is not kept again.
     */
    async answer(owner: Owner, answer: ConsentAnswer & { asked: CollectionLevel }): Promise<Consent> {
      const { sharing, level, asked, version, research = false } = answer
      const consent: Consent = { sharing, level, asked, version, research }
      const before = (await all(owner).execute()).at(-1)
      if (before && JSON.stringify(consentOf(before)) === JSON.stringify(consent)) return hold(owner, consent)
      await db
        .insertInto('consents')
        .values({
          class_id: owner.class,
          student_id: owner.student,
          n: (before?.n ?? 0) + 1,
          at: clock(),
          version,
          sharing: sharing ? 1 : 0,
          level,
          asked,
          research: research ? 1 : 0,
        })
        .execute()
      return hold(owner, consent)
    },

    /** What holds for each student of a class, by pseudonymous id. */
    async ofClass(classId: string): Promise<Map<string, Consent>> {
      const rows = await db.selectFrom('consents').selectAll().where('class_id', '=', classId).orderBy('n').execute()
      return new Map(rows.map((row) => [row.student_id, consentOf(row)]))
    },

    /** Lets go of what is held of a student who was erased. */
    drop: (owner: Owner): void => void held.delete(keyOf(owner)),
  }
}

/** What a student is told of the consent, but for its history (SPEC CON-3, CON-4). */
export function consentState(
  { level, retention_days: days }: Pick<ClassRow, 'level' | 'retention_days'>,
  consent: Consent,
): Omit<ConsentState, 'history'> {
  const inForce = levelInForce(level, consent)
  const outdated = consent.version < CONSENT_VERSION
  return {
    asks: { level, version: CONSENT_VERSION, retentionDays: days ?? RETENTION_DAYS },
    ...(inForce === undefined ? {} : { inForce }),
    // Who said no is not asked again until the text changes.
    open: outdated || (consent.sharing && consent.asked < level),
  }
}

/** What is kept of a student: the lower of what the class collects and what was agreed to; undefined when nothing is (SPEC CON-1). */
export function levelInForce(classLevel: CollectionLevel, { sharing, level }: Consent): CollectionLevel | undefined {
  return sharing ? (Math.min(classLevel, level) as CollectionLevel) : undefined
}
