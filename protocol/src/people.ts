import { Type, type Static } from 'typebox'
import { Email, Name, StaffRole } from './api.ts'

const Ms = Type.Integer({ minimum: 0 })

/** A member of staff, as administrators see them. `waiting` is true until there is a way for them to sign in. */
export const Person = Type.Object({
  id: Type.String(),
  name: Type.String(),
  email: Type.String(),
  role: StaffRole,
  createdAt: Ms,
  signedInAt: Type.Optional(Ms),
  disabledAt: Type.Optional(Ms),
  waiting: Type.Boolean(),
  /** Has a second factor. */
  secondFactor: Type.Boolean(),
  passkeys: Type.Integer({ minimum: 0 }),
})
export type Person = Static<typeof Person>

/** `GET /api/v2/people`. */
export const People = Type.Object({ people: Type.Array(Person) })
export type People = Static<typeof People>

/** `POST /api/v2/people`. */
export const NewPerson = Type.Object({ name: Name, email: Email, role: StaffRole })
export type NewPerson = Static<typeof NewPerson>

/** `PATCH /api/v2/people/{user}`. Another role, and being disabled, end the sessions of the user. */
export const PersonEdit = Type.Object({
  name: Type.Optional(Name),
  email: Type.Optional(Email),
  role: Type.Optional(StaffRole),
  disabled: Type.Optional(Type.Boolean()),
})
export type PersonEdit = Static<typeof PersonEdit>

/** `POST /api/v2/people/{user}/recovery`: what else is taken away; nothing unless asked. */
export const RecoveryRequest = Type.Object({
  endSessions: Type.Optional(Type.Boolean()),
  removeFactors: Type.Optional(Type.Boolean()),
})
export type RecoveryRequest = Static<typeof RecoveryRequest>

/** A link that works once, until `expires`; it is shown this once. `path` follows the address of the dashboard (SPEC AUT-12). */
export const PersonLink = Type.Object({ person: Person, path: Type.String(), expires: Ms })
export type PersonLink = Static<typeof PersonLink>
