import { Type } from 'typebox'

/** An answer without a body, by its status. */
export const nothing = (status: 202 | 204) => ({ [status]: Type.Null({ description: 'No body.' }) })

/** An answer that is not JSON. `type`: its media type. */
export const file = (type: string, description: string) => ({
  200: Type.String({ contentMediaType: type, description }),
})
