/** The databases of a data folder. */
export const DATA_FILES = { work: 'work.db', log: 'log.db', people: 'people.db', audit: 'audit.db' } as const

/**
 * What a backup holds, in the order in which it is copied, so that a copy never speaks of a student that it does not hold. Jobs
 * and sums are made again from the log, and hold names of notebooks in plain text.
 */
export const COPIED_FILES = [DATA_FILES.log, DATA_FILES.people, DATA_FILES.audit] as const

/** The keys of what students wrote. They are not copied with the rest: a copy of them would outlive an erasure. */
export const KEYS_FILE = 'keys.db'
