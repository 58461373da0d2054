/**
 * The databases of a data folder, in the order in which they are copied: what was made of the log, the log, the people, and
 * who did what, so that a copy never speaks of an event or of a student that it does not hold.
 */
export const DATA_FILES = { work: 'work.db', log: 'log.db', people: 'people.db', audit: 'audit.db' } as const

/** The keys of what students wrote. They are not copied with the rest: a copy of them would outlive an erasure. */
export const KEYS_FILE = 'keys.db'
