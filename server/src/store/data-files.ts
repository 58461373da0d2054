/**
 * The databases of a data folder, in the order in which they are copied: what was made of the log, the log, and the people,
 * so that a copy never speaks of an event or of a student that it does not hold.
 */
export const DATA_FILES = { work: 'work.db', log: 'log.db', people: 'people.db' } as const
