import { describeSchema, escapeHtml, exampleHtml, prose, schemaHtml } from './docs-schema.ts'
import type { Content, OpenApiDocument, Operation, ParameterPart, ResponsePart } from './openapi-document.ts'

/** An operation with its place. */
interface Placed extends Operation {
  method: string
  path: string
}

function operationsOf({ paths }: OpenApiDocument): Placed[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, path, method: method.toUpperCase() })),
  )
}

const idOf = ({ operationId }: Operation) => escapeHtml(operationId)

/** `/a/{b}` with the parts that change set off. */
const pathHtml = (path: string) => escapeHtml(path).replaceAll(/\{\w+\}/g, '<em>$&</em>')

const methodHtml = (method: string) => `<span class="method ${method.toLowerCase()}">${method}</span>`

function parametersHtml(parameters: readonly ParameterPart[]): string {
  if (parameters.length === 0) return ''
  const rows = parameters.map(
    ({ name, in: place, required, schema }) =>
      `<dt><code>${escapeHtml(name)}</code> <small>${escapeHtml(place)}${required ? '' : ', optional'}</small></dt>` +
      `<dd>${describeSchema(schema)}</dd>`,
  )
  return `<h4>Parameters</h4><dl class="members">${rows.join('')}</dl>`
}

/** What is sent or answered: members and example of its schema. */
function contentHtml(content: Content, { components }: OpenApiDocument): string {
  return Object.entries(content)
    .map(([type, { schema }]) => {
      const named = components.schemas[(schema.$ref ?? '').replace('#/components/schemas/', '')]
      const example = named?.examples?.[0]
      const kind = type === 'application/json' ? '' : `<p class="type"><code>${escapeHtml(type)}</code></p>`
      const inside = named === undefined ? '' : schemaHtml(named)
      return kind + describeSchema(schema) + inside + (example === undefined ? '' : exampleHtml(example))
    })
    .join('')
}

function responseHtml([status, given]: [string, ResponsePart], document: OpenApiDocument): string {
  if (given.$ref !== undefined) return ''
  const content = given.content ? contentHtml(given.content, document) : ''
  return `<h4>Answer <span class="status">${escapeHtml(status)}</span></h4><p>${prose(given.description ?? '')}</p>${content}`
}

function refusalsHtml(responses: Operation['responses']): string {
  const links = Object.entries(responses).flatMap(([status, { $ref }]) =>
    $ref === undefined || status === 'default'
      ? []
      : [`<a href="#problem-${escapeHtml(status)}">${escapeHtml(status)}</a>`],
  )
  return `<h4>Refusals</h4><p>${links.join(' ')}</p>`
}

function operationHtml(operation: Placed, document: OpenApiDocument): string {
  const { method, path, summary, description, parameters, requestBody, responses } = operation
  const needed = [...operation['x-rights'], operation['x-needs']].filter((right) => right !== undefined)
  const rights = needed.map((right) => `<span class="right">${escapeHtml(right)}</span>`).join('')
  const body = requestBody ? `<h4>Body</h4>${contentHtml(requestBody.content, document)}` : ''
  const good = Object.entries(responses).map((entry) => responseHtml(entry, document))
  return (
    `<details class="operation" id="${idOf(operation)}"><summary>${methodHtml(method)}<code class="path">${pathHtml(path)}</code>` +
    `<span class="what">${escapeHtml(summary)}</span><span class="rights">${rights}</span></summary><div class="inside">` +
    `<p>${prose(description)}</p>${parametersHtml(parameters)}${body}${good.join('')}${refusalsHtml(responses)}</div></details>`
  )
}

function domainHtml(
  tag: { name: string; description: string },
  operations: readonly Placed[],
  document: OpenApiDocument,
) {
  const own = operations.filter(({ tags }) => tags.includes(tag.name))
  const name = escapeHtml(tag.name)
  return {
    link: `<li><a href="#domain-${name}">${name}</a> <small>${own.length}</small></li>`,
    section:
      `<section class="domain" aria-labelledby="domain-${name}"><h2 id="domain-${name}">${name}</h2>` +
      `<p class="muted">${escapeHtml(tag.description)}</p>${own.map((one) => operationHtml(one, document)).join('')}</section>`,
  }
}

function schemasHtml({ components: { schemas } }: OpenApiDocument): string {
  const parts = Object.entries(schemas).map(([name, schema]) => {
    const example = schema.examples?.[0]
    return (
      `<details class="operation" id="schema-${escapeHtml(name)}"><summary><code class="path">${escapeHtml(name)}</code></summary>` +
      `<div class="inside">${describeSchema(schema)}${example === undefined ? '' : exampleHtml(example)}</div></details>`
    )
  })
  return `<section class="domain" aria-labelledby="schemas"><h2 id="schemas">schemas</h2>${parts.join('')}</section>`
}

function problemsHtml({ components: { responses } }: OpenApiDocument): string {
  const parts = Object.entries(responses).flatMap(([name, { description }]) => {
    const status = name.replace('Problem', '')
    if (status === '') return []
    const codes = (description ?? '').split('\n\n').map((line) => `<li>${prose(line)}</li>`)
    return [`<h3 id="problem-${status}">${status}</h3><ul class="codes">${codes.join('')}</ul>`]
  })
  return `<section class="plain" aria-labelledby="problems"><h2 id="problems">problems</h2>${parts.join('')}</section>`
}

const HEAD =
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">' +
  '<link rel="icon" href="data:,"><link rel="stylesheet" href="docs/page.css"><script type="module" src="docs/page.js"></script>'

/** The document of the API as a page; it can be read without its script, which searches in it. */
export function renderDocs(document: OpenApiDocument): string {
  const { info, tags } = document
  const operations = operationsOf(document)
  const domains = tags.map((tag) => domainHtml(tag, operations, document))
  const more = '<li><a href="#schemas">schemas</a></li><li><a href="#problems">problems</a></li>'
  return (
    `${HEAD}<title>${escapeHtml(info.title)} API</title></head><body><a class="skip" href="#main">To the operations</a>` +
    `<header><h1>${escapeHtml(info.title)} <span>API ${escapeHtml(info.version)}</span></h1>` +
    '<label class="search" hidden><span>Search</span><input type="search" autocomplete="off" spellcheck="false" ' +
    'placeholder="path, word, right, schema"><kbd>/</kbd></label><a class="raw" href="openapi.json">openapi.json</a></header>' +
    `<div class="layout"><nav aria-label="Domains"><ul>${domains.map(({ link }) => link).join('')}${more}</ul></nav>` +
    `<main id="main"><p class="lead">${escapeHtml(info.summary)}</p><p>${prose(info.description)}</p>` +
    `<p class="found" role="status">${operations.length} operations</p>` +
    `${domains.map(({ section }) => section).join('')}${schemasHtml(document)}${problemsHtml(document)}</main></div></body></html>`
  )
}
