import type { SchemaPart } from './openapi-document.ts'

/** Text of a document as text of a page. */
export const escapeHtml = (text: unknown): string =>
  String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** Text with `words` in code. */
export const prose = (text: unknown): string => escapeHtml(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>')

const codeOf = (value: unknown) => `<code>${escapeHtml(JSON.stringify(value))}</code>`
const REFERENCE = /^#\/components\/schemas\//

/** What a schema is, in a line: `array of ClassInfo`. */
function typeOf(schema: SchemaPart): string {
  const { $ref, type, items, anyOf, patternProperties } = schema
  if ($ref !== undefined) {
    const name = escapeHtml($ref.replace(REFERENCE, ''))
    return `<a href="#schema-${name}">${name}</a>`
  }
  if (schema.enum) return schema.enum.map(codeOf).join(' | ')
  if ('const' in schema) return codeOf(schema.const)
  if (anyOf) return anyOf.map((one) => (one.properties ? 'object' : typeOf(one))).join(' or ')
  if (type === 'array') return `array of ${items ? typeOf(items) : 'anything'}`
  const [value] = Object.values(patternProperties ?? {})
  return value ? `map to ${typeOf(value)}` : escapeHtml(type ?? 'anything')
}

const LIMITS: Readonly<Record<string, string>> = {
  minimum: 'at least',
  maximum: 'at most',
  minLength: 'characters, at least',
  maxLength: 'characters, at most',
  maxItems: 'items, at most',
  default: 'else',
}

function limitsOf(schema: SchemaPart): string {
  const said = Object.entries(LIMITS).flatMap(([key, words]) => {
    const limit = schema[key]
    if (limit === undefined || limit === Number.MAX_SAFE_INTEGER) return []
    return [`${words} ${typeof limit === 'number' ? limit.toLocaleString('en') : JSON.stringify(limit)}`]
  })
  return said.length === 0 ? '' : `<small>${escapeHtml(said.join(', '))}</small>`
}

function membersHtml({ properties = {}, required = [] }: SchemaPart): string {
  const rows = Object.entries(properties).map(([name, schema]) => {
    const optional = required.includes(name) ? '' : ' <small>optional</small>'
    const about = `${typeOf(schema)} ${limitsOf(schema)}${schemaHtml(schema)}`
    return `<dt><code>${escapeHtml(name)}</code>${optional}</dt><dd>${about}</dd>`
  })
  return rows.length === 0 ? '' : `<dl class="members">${rows.join('')}</dl>`
}

/** A schema as a list of its members; nested ones inside. */
export function schemaHtml(schema: SchemaPart): string {
  const { properties, anyOf, items, patternProperties } = schema
  if (properties) return membersHtml(schema)
  if (anyOf) {
    const parts = anyOf.map(schemaHtml).filter((part) => part !== '')
    return parts.join('<p class="or">or</p>')
  }
  const [inner] = items ? [items] : Object.values(patternProperties ?? {})
  return inner ? schemaHtml(inner) : ''
}

/** A schema in a line, with its limits, then its members. */
export const describeSchema = (schema: SchemaPart): string =>
  `<p class="type">${typeOf(schema)} ${limitsOf(schema)}</p>${schemaHtml(schema)}`

/** A value as text of JSON. */
export const exampleHtml = (value: unknown): string =>
  `<pre tabindex="0"><code>${escapeHtml(JSON.stringify(value, undefined, 2))}</code></pre>`
