import { Type } from 'typebox'

/** Declarations of routes for the staff: reading, and changing something. */
export const READ = { rights: ['staff'], rate: 'reads', cost: 'light' } as const
export const WRITE = { rights: ['staff'], rate: 'writes', cost: 'medium' } as const
/** Path of one class, under that of all. */
export const ONE_CLASS = '/:class'

const Id = Type.String({ minLength: 1, maxLength: 64 })
/** Parameters of the paths under a class. */
export const ClassParams = Type.Object({ class: Id })
export const StudentParams = Type.Object({ class: Id, student: Id })
export const MessageParams = Type.Object({ class: Id, message: Id })
export const CodeParams = Type.Object({ class: Id, code: Id })
/** `user`: an id or the whole address. */
export const StaffParams = Type.Object({ class: Id, user: Type.String({ minLength: 1, maxLength: 254 }) })
