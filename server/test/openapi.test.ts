import * as protocol from '@lectern/protocol'
import { Validator } from '@seriousme/openapi-schema-validator'
import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { renderDocs } from '../src/http/docs-page.ts'
import type { OpenApiDocument } from '../src/http/openapi-document.ts'
import { EXAMPLES } from '../src/http/openapi-examples.ts'
import { startServer, temporaryFolder } from './harness.ts'

const POLICY = /^default-src 'none'; script-src 'self'; style-src 'self';/

async function documentOf(server: { get: (path: string) => Promise<{ json: OpenApiDocument }> }) {
  return (await server.get('/api/v2/openapi.json')).json
}

/** Every reference in a document. */
function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : referencesIn(inner),
  )
}

describe('the document of the API', () => {
  it('DOC-1 is valid OpenAPI 3.1, and a broken one is not', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const document = await documentOf(server)
    const validator = new Validator()
    const { valid, errors } = await validator.validate({ ...structuredClone(document) })
    expect(errors).toBeUndefined()
    expect([valid, validator.version, document.openapi]).toEqual([true, '3.1', '3.1.0'])
    const broken = structuredClone(document) as unknown as { paths: Record<string, Record<string, object>> }
    broken.paths['/api/v2/join'] = { post: { responses: 'none' } }
    expect((await new Validator().validate(broken)).valid).toBe(false)
  })

  it('DOC-1 holds every route with its rights, limit and schemas', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { paths, components, tags } = await documentOf(server)
    const shown = server.app.routes.filter(({ method }) => method !== 'HEAD' && method !== 'OPTIONS')
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((m) => `${m} ${path}`),
    )
    expect(described).toHaveLength(shown.length)
    const names = tags.map(({ name }) => name)
    const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map((one) => one.operationId))
    expect(new Set(ids).size).toBe(ids.length)
    for (const { method, url, rights, needs, rate, domain, schema } of shown) {
      const operation = paths[url.replaceAll(/:(\w+)/g, '{$1}').replace('*', '{path}')]?.[method.toLowerCase()]
      expect(operation, `${method} ${url}`).toMatchObject({ 'x-rights': rights, 'x-rate': rate, tags: [domain] })
      expect(operation?.['x-needs']).toBe(needs)
      expect(operation?.description.includes(`\`${needs}\``)).toBe(needs !== undefined)
      expect(names).toContain(domain)
      expect(operation?.description).toContain(`\`${rights[0]}\``)
      expect(operation?.security.length === 0).toBe(rights.includes('public'))
      expect(operation?.requestBody !== undefined).toBe(schema.body !== undefined)
      expect(Object.keys(operation?.responses ?? {})).toEqual(expect.arrayContaining(['429', '503', 'default']))
    }
    expect(Object.keys(components.securitySchemes)).toEqual(['bearer', 'cookie'])
    expect(components.responses['Problem429']?.content).toHaveProperty('application/problem+json')
  })

  it('DOC-1 refers only to what it holds, and names what is null', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const document = await documentOf(server)
    const { schemas, responses } = document.components
    const held = [
      ...Object.keys(schemas).map((name) => `#/components/schemas/${name}`),
      ...Object.keys(responses).map((name) => `#/components/responses/${name}`),
    ]
    const references = new Set(referencesIn(document))
    expect([...references].filter((one) => !held.includes(one))).toEqual([])
    expect(schemas['EventResult']?.properties?.['id']?.anyOf).toEqual([{ type: 'string' }, { type: 'null' }])
    expect(schemas['EventBatch']?.properties?.['events']?.items).toEqual({ $ref: '#/components/schemas/Event' })
  })

  it('DOC-1 shows examples that fit their schemas', async () => {
    const named = protocol as unknown as Record<string, TSchema>
    for (const [name, example] of Object.entries(EXAMPLES)) {
      expect([...Value.Errors(named[name] as TSchema, example)], name).toEqual([])
    }
    const [event] = (EXAMPLES['EventBatch'] as { events: { type: 'cell_executed'; data: unknown }[] }).events
    expect(Value.Check(protocol.EventEnvelope, event)).toBe(true)
    expect(Value.Check(protocol.EVENT_DATA.cell_executed, event?.data)).toBe(true)
    expect(Value.Check(protocol.JoinRequest, { ...(EXAMPLES['JoinRequest'] as object), code: 1 })).toBe(false)
  })

  it('DOC-1 is a page of its own files only, with every operation', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const { text, headers } = await server.get('/api/v2/docs')
    expect(headers.get('content-security-policy')).toMatch(POLICY)
    expect(headers.get('content-security-policy')).not.toContain('unsafe')
    const document = await documentOf(server)
    for (const operations of Object.values(document.paths)) {
      for (const { operationId } of Object.values(operations)) expect(text).toContain(`id="${operationId}"`)
    }
    expect(text).not.toMatch(/style=|<style|\son\w+=|https?:\/\//)
    const ids = new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
    const links = [...text.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id)
    expect(links.filter((id) => !ids.has(id))).toEqual([])
    const files = [...text.matchAll(/(?:src|href)="(docs\/[^"]+)"/g)].map(([, path]) => path)
    expect(files).toEqual(['docs/page.css', 'docs/page.js'])
    for (const path of files) {
      const { status, headers: given } = await server.get(`/api/v2/${path}`)
      expect([status, given.get('content-type')]).toEqual([
        200,
        expect.stringMatching(/^(text\/css|application\/javascript)/),
      ])
    }
  })

  it('DOC-1 shows text as text', async () => {
    using folder = temporaryFolder()
    await using server = await startServer(folder.path)
    const document = await documentOf(server)
    const hostile = '<img src=x onerror=alert(1)>'
    const page = renderDocs({ ...document, info: { ...document.info, title: hostile, description: hostile } })
    expect(page).not.toContain('<img')
    expect(page).toContain('&#60;img')
  })
})
