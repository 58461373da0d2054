/** A schema of OpenAPI 3.1, as far as those of the protocol use it. */
export interface SchemaPart {
  $ref?: string
  type?: string
  items?: SchemaPart
  anyOf?: SchemaPart[]
  properties?: Record<string, SchemaPart>
  patternProperties?: Record<string, SchemaPart>
  required?: string[]
  enum?: unknown[]
  const?: unknown
  examples?: unknown[]
  [key: string]: unknown
}

/** By media type. */
export type Content = Record<string, { schema: SchemaPart }>

/** An answer, or a reference to one that several operations give. */
export interface ResponsePart {
  $ref?: string
  description?: string
  content?: Content
  headers?: Record<string, unknown>
}

export interface ParameterPart {
  name: string
  in: 'path' | 'query'
  required: boolean
  schema: SchemaPart
}

/** What a route does, as the document says it. */
export interface Operation {
  operationId: string
  summary: string
  description: string
  tags: string[]
  security: Record<string, never[]>[]
  parameters: ParameterPart[]
  requestBody?: { required: boolean; content: Content }
  responses: Record<string, ResponsePart>
  'x-rights': readonly string[]
  'x-needs'?: string
  'x-rate': string
  'x-cost': string
}

export interface OpenApiDocument {
  openapi: '3.1.0'
  info: { title: string; version: string; summary: string; description: string; license: Record<string, string> }
  servers: { url: string }[]
  tags: { name: string; description: string }[]
  /** By path, then by method in small letters. */
  paths: Record<string, Record<string, Operation>>
  components: {
    schemas: Record<string, SchemaPart>
    responses: Record<string, ResponsePart>
    securitySchemes: Record<string, Record<string, string>>
  }
}
