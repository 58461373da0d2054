import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConfigError, configurationDocument, loadConfig } from './config.ts'
import { errorsDocument } from './errors-document.ts'

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'lectern-config-'))
})
afterEach(() => rmSync(cwd, { recursive: true, force: true }))

const load = (env: Record<string, string>) => loadConfig({ env, cwd })
const faults = (env: Record<string, string>): readonly string[] => {
  try {
    load(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
}
const document = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')

describe('configuration', () => {
  it('has defaults for everything', () => {
    const { config, warnings } = load({})
    expect(config).toMatchObject({ host: '127.0.0.1', port: 8000, store: 'sqlite', dataDir: join(cwd, 'data') })
    expect(config.adminToken).toBeUndefined()
    expect(warnings).toEqual([])
  })

  it('takes the environment before the file of the data folder, and that before the other file', () => {
    writeFileSync(join(cwd, 'lectern.json'), '{"LECTERN_DATA_DIR":".","LECTERN_PORT":9001,"LECTERN_HOST":"::1"}')
    expect(load({}).config).toMatchObject({ port: 9001, host: '::1', dataDir: cwd })
    const data = mkdtempSync(join(cwd, 'data-'))
    writeFileSync(join(data, 'lectern.json'), '{"LECTERN_PORT":"9002"}')
    expect(load({ LECTERN_DATA_DIR: data }).config).toMatchObject({ port: 9002, host: '::1', dataDir: data })
    expect(load({ LECTERN_DATA_DIR: data, LECTERN_PORT: '9003' }).config.port).toBe(9003)
  })

  it('names the key, the value and what is allowed for each fault, all at once', () => {
    expect(faults({ LECTERN_PORT: '70000', LECTERN_HOST: 'a b', LECTERN_LOG_LEVEL: 'loud' })).toEqual([
      'LECTERN_HOST is "a b"; allowed is an IP address or a host name.',
      'LECTERN_PORT is "70000"; allowed is a whole number from 0 to 65535.',
      'LECTERN_LOG_LEVEL is "loud"; allowed is debug, info, warn, error, silent.',
    ])
    for (const port of ['-1', '1.5', '8e3', '0x10', 'NaN', ' 80'])
      expect(faults({ LECTERN_PORT: port })).toHaveLength(1)
    for (const url of ['lectern', 'ftp://a', 'http://a/path', 'http://a?x', 'http://u@a']) {
      expect(faults({ LECTERN_PUBLIC_URL: url }), url).toHaveLength(1)
    }
    for (const proxies of ['10.0.0.0/33', 'proxy', '::1/129', '10.0.0.1,']) {
      expect(faults({ LECTERN_TRUSTED_PROXIES: proxies }), proxies).toHaveLength(1)
    }
  })

  it('says that the store can not be PostgreSQL', () => {
    expect(faults({ LECTERN_STORE: 'postgres' })).toEqual([
      'LECTERN_STORE is "postgres": this version keeps its data in SQLite only; allowed is sqlite.',
    ])
  })

  it('never repeats a secret', () => {
    const [fault = ''] = faults({ LECTERN_ADMIN_TOKEN: 'too-short-secret' })
    expect(fault).toMatch(/^LECTERN_ADMIN_TOKEN is given with 16 characters; allowed is at least 32/)
    expect(fault).not.toContain('secret')
    expect(load({ LECTERN_ADMIN_TOKEN: 'x'.repeat(32) }).config.adminToken).toHaveLength(32)
  })

  it('refuses a file with keys that are not known, or that is no object', () => {
    const file = join(cwd, 'lectern.json')
    writeFileSync(file, '{"LECTERN_PROT":1,"constructor":2,"LECTERN_PORT":[1]}')
    const found = faults({})
    expect(found).toHaveLength(3)
    expect(found[0]).toContain('LECTERN_PROT')
    expect(found[2]).toContain('must be a text or a number')
    writeFileSync(file, '[]')
    expect(faults({})[0]).toContain('must hold one JSON object')
    writeFileSync(file, '{"LECTERN_PORT":')
    expect(faults({})[0]).toContain('is not valid JSON')
  })

  it('warns of variables that have no effect', () => {
    expect(load({ LECTERN_DATABASE_URL: 'x', OTHER: 'x' }).warnings).toEqual([
      'LECTERN_DATABASE_URL is set, but has no effect in this version.',
    ])
  })

  it('warns of every way that is not encrypted, and of none that is or stays on this machine', () => {
    const warned = (env: Record<string, string>) => load(env).warnings.map((text) => text.split(' ', 1)[0])
    const open = {
      LECTERN_HOST: '0.0.0.0',
      LECTERN_ALERT_WEBHOOK: 'http://chat.school.example/hook',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
    }
    expect(warned(open)).toEqual(['LECTERN_ALERT_WEBHOOK', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'LECTERN_HOST'])
    expect(warned({ LECTERN_HOST: '::', LECTERN_PUBLIC_URL: 'http://lectern.school.example' })).toEqual([
      'LECTERN_HOST',
    ])
    const closed = {
      LECTERN_HOST: '0.0.0.0',
      LECTERN_PUBLIC_URL: 'https://lectern.school.example',
      LECTERN_ALERT_WEBHOOK: 'https://chat.school.example/hook',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
    }
    expect(warned(closed)).toEqual([])
    expect(warned({})).toEqual([])
  })

  it('AUT-16 takes a provider whole or not at all, over https or on this machine', () => {
    const config = (env: Record<string, string>) => load(env).config
    const secret = 'a-secret-of-sixteen-characters'
    const oidc = {
      LECTERN_PUBLIC_URL: 'https://lectern.school.example',
      LECTERN_OIDC_ISSUER: 'https://login.school.example/realms/staff/',
      LECTERN_OIDC_CLIENT_ID: 'lectern',
      LECTERN_OIDC_CLIENT_SECRET: secret,
    }
    expect(config({}).oidc).toBeUndefined()
    expect(config({ ...oidc, LECTERN_OIDC_DOMAINS: 'School.example, @other.example' }).oidc).toEqual({
      issuer: 'https://login.school.example/realms/staff',
      clientId: 'lectern',
      clientSecret: secret,
      name: 'Single sign-on',
      domains: ['school.example', 'other.example'],
    })
    for (const key of Object.keys(oidc).slice(1)) {
      expect(() => config({ ...oidc, [key]: '' })).toThrow('need each other')
    }
    expect(() => config({ ...oidc, LECTERN_PUBLIC_URL: '' })).toThrow('LECTERN_PUBLIC_URL is not set')
    for (const issuer of ['http://login.school.example', 'https://a@b.example', 'login', 'https://x.example/?a']) {
      expect(() => config({ ...oidc, LECTERN_OIDC_ISSUER: issuer }), issuer).toThrow('LECTERN_OIDC_ISSUER')
    }
    const hub = { LECTERN_JUPYTERHUB_URL: 'http://localhost:8000/' }
    expect(config(hub).jupyterhub).toEqual({ url: 'http://localhost:8000', signIn: undefined })
    const service = { LECTERN_JUPYTERHUB_CLIENT_ID: 'service-lectern', LECTERN_JUPYTERHUB_CLIENT_SECRET: secret }
    expect(() => config(service)).toThrow('LECTERN_JUPYTERHUB_URL')
    const roles = { LECTERN_JUPYTERHUB_ROLES: 'group:teachers=instructor, admin=admin' }
    expect(config({ ...oidc, ...hub, ...service, ...roles }).jupyterhub?.signIn?.roles).toEqual([
      { of: { group: 'teachers' }, role: 'instructor' },
      { of: 'admin', role: 'admin' },
    ])
    expect(() => config({ ...hub, LECTERN_JUPYTERHUB_ROLES: 'everybody=admin' })).toThrow('"everybody=admin" is none')
  })

  it('ERR-1 is documented as it is, and so are the errors', () => {
    expect(document('configuration.md')).toBe(configurationDocument())
    expect(document('errors.md')).toBe(errorsDocument())
  })
})
