import * as protocol from '@lectern/protocol'
import { Type, type TSchema } from 'typebox'
import type { SchemaPart } from './openapi-document.ts'
import { EXAMPLES } from './openapi-examples.ts'

const REFERENCE = '#/components/schemas/'

const isSchema = (value: unknown): value is TSchema => typeof value === 'object' && value !== null && '~kind' in value

/** The events of a batch as they should be; the server takes whatever comes and answers for each (SPEC BAT-2). */
function eventSchema(): TSchema {
  const { type: _type, data: _data, ...rest } = protocol.EventEnvelope.properties
  const kinds = Object.entries(protocol.EVENT_DATA).filter(([type]) => !protocol.SERVER_EVENT_TYPES.has(type as never))
  return Type.Union(kinds.map(([type, data]) => Type.Object({ ...rest, type: Type.Literal(type), data })))
}

/** Every schema of the protocol that has a name, by name. */
function namedSchemas(): Map<string, TSchema> {
  const named = new Map<string, TSchema>()
  for (const [name, value] of Object.entries<unknown>(protocol)) if (isSchema(value)) named.set(name, value)
  return named
}

/** A choice between constants reads better as `enum`. */
function asEnum({ anyOf, ...rest }: SchemaPart): SchemaPart | undefined {
  if (!anyOf?.every((one) => 'const' in one)) return undefined
  const [type, ...others] = new Set(anyOf.map((one) => one.type))
  const kind = type === undefined || others.length > 0 ? {} : { type }
  return { ...rest, ...kind, enum: anyOf.map((one) => one.const) }
}

/**
 * Turns schemas into those of OpenAPI 3.1, which are JSON Schema: what has a name in the protocol is referred to by it, and
 * `components` gives all that were. Schemas are told apart by their text, since an optional member is a copy.
 */
export function createSchemas() {
  const event = eventSchema()
  const named = namedSchemas().set('Event', event)
  const nameOf = new Map([...named].map(([name, schema]) => [JSON.stringify(schema), name]))
  const components: Record<string, SchemaPart> = {}

  const inside = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inside)
    return typeof value === 'object' && value !== null ? convert(value) : value
  }

  const members = (schema: object): SchemaPart => {
    const plain: SchemaPart = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, inside(value)]))
    return asEnum(plain) ?? plain
  }

  const component = (name: string, schema: object): SchemaPart => {
    const part = members(schema)
    if (name === 'EventBatch' && part.properties?.['events']) part.properties['events'].items = convert(event)
    return Object.hasOwn(EXAMPLES, name) ? { ...part, examples: [EXAMPLES[name]] } : part
  }

  const convert = (schema: object): SchemaPart => {
    const name = nameOf.get(JSON.stringify(schema))
    if (name === undefined) return members(schema)
    components[name] ??= component(name, schema)
    return { $ref: `${REFERENCE}${name}` }
  }

  return {
    convert,
    /** What was referred to so far, by name. */
    components: () => Object.fromEntries(Object.entries(components).toSorted(([a], [b]) => a.localeCompare(b))),
  }
}

/** See `createSchemas`. */
export type Schemas = ReturnType<typeof createSchemas>
