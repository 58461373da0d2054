import type { FastifyInstance } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import { CodedError } from '../errors.ts'

/** Path, query: text from the address, which is turned into the numbers that the schema asks for. */
const FROM_TEXT = new Set(['params', 'querystring', 'headers'])

/** Where a value leaves its schema, in words: `/name must be string`. */
function faultOf(schema: TSchema, value: unknown): string {
  const [fault] = Value.Errors(schema, value)
  if (!fault) return 'It does not fit the schema.'
  const where = fault.instancePath === '' ? 'The body' : fault.instancePath.slice(1).replaceAll('/', '.')
  return `${where} ${fault.message}.`
}

/** Validates requests with compiled TypeBox schemas; the answers are written as they are. */
export function installValidation(app: FastifyInstance): void {
  app.setValidatorCompiler<TSchema>(({ schema, httpPart }) => {
    const compiled = Compile(schema)
    const fromText = FROM_TEXT.has(httpPart ?? '')
    const { default: fallback } = schema as { default?: unknown }
    return (value: unknown) => {
      const given = fromText ? Value.Convert(schema, value) : (value ?? fallback)
      if (compiled.Check(given)) return { value: given }
      return { error: new CodedError('bad_request', faultOf(schema, given)) }
    }
  })
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
}
