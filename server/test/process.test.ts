import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSqliteDatabase } from '../src/store/sqlite.ts'
import { ADMIN_TOKEN, ask, cookieOf, eventually, temporaryFolder } from './harness.ts'
import { command, lectern } from './process.ts'

describe('the server as a process', () => {
  it('AUT-2 prints a sign-in link while no administrator can sign in, a new one at each start', async () => {
    using folder = temporaryFolder()
    const linkOf = (text: string) => /\/#\/welcome\?link=([\w-]{43})\n/.exec(text)?.[1]
    const links: string[] = []
    for (let start = 0; start < 2; start += 1) {
      await using server = lectern(folder.path, ['serve'])
      await server.url()
      links.push(await eventually(() => linkOf(server.out())))
      expect(server.err()).not.toContain(links.at(-1))
      server.child.kill('SIGTERM')
      expect(await server.exit).toEqual([0, null])
    }
    await using server = lectern(folder.path, ['serve'])
    const url = await server.url()
    const last = await eventually(() => linkOf(server.out()))
    const signIn = async (link: string) => (await ask(`${url}/api/v2/session`, { body: { link } })).status
    expect([await signIn(links[0]!), await signIn(links[1]!), await signIn(last)]).toEqual([401, 401, 200])
  })

  it('CLS-5 answers what it has taken when it is asked to stop, leaves no journal behind, and ends with 0', async () => {
    using folder = temporaryFolder()
    await using server = lectern(folder.path, ['serve'])
    const url = await server.url()
    const made = await ask(`${url}/api/v2/classes`, { token: ADMIN_TOKEN, body: { name: 'K' } })
    expect(made.status).toBe(201)
    server.child.kill('SIGTERM')
    expect(await server.exit).toEqual([0, null])
    expect(readdirSync(folder.path).filter((name) => /-(wal|journal)$/.test(name))).toEqual([])
  })

  it('CLS-5 does not wait for a client that never ends its request', async () => {
    using folder = temporaryFolder()
    await using server = lectern(folder.path, ['serve'])
    const { port } = new URL(await server.url())
    const socket = connect(Number(port), '127.0.0.1')
    await once(socket, 'connect')
    socket.on('error', () => undefined)
    socket.write(
      'POST /api/v2/join HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{',
    )
    await new Promise((settle) => setTimeout(settle, 100))
    const began = performance.now()
    server.child.kill('SIGTERM')
    expect(await server.exit).toEqual([0, null])
    expect(performance.now() - began).toBeLessThan(6000)
    socket.destroy()
  })

  it('refuses a second server on the same data, in a sentence', async () => {
    using folder = temporaryFolder()
    await using server = lectern(folder.path, ['serve'])
    await server.url()
    const second = await command(folder.path, ['serve'])
    expect(second.code).toBe(1)
    expect(second.err).toContain('Another Lectern server uses the data directory')
    expect(second.err).not.toContain('    at ')
  })

  it('says what stands in the way when the port is taken', async () => {
    using folder = temporaryFolder()
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const { code, err } = await command(folder.path, ['serve'], { LECTERN_PORT: String(port) })
    expect(code).toBe(1)
    expect(err).toContain(`port ${port} on 127.0.0.1 can not be used: another program listens there`)
    expect(err).not.toContain('    at ')
    other.close()
  })

  it('refuses a bad configuration before anything starts', async () => {
    using folder = temporaryFolder()
    const { code, err } = await command(folder.path, ['serve'], { LECTERN_STORE: 'postgres', LECTERN_HOST: '!' })
    expect(code).toBe(1)
    expect(err.trim().split('\n')).toHaveLength(2)
    expect(readdirSync(folder.path)).toEqual([])
    expect(await command(folder.path, ['config', 'check'], { LECTERN_PORT: '1' })).toMatchObject({ code: 0 })
    expect(await command(folder.path, ['nonsense'])).toMatchObject({ code: 2 })
  })

  it('takes commands beside a running server', async () => {
    using folder = temporaryFolder()
    await using server = lectern(folder.path, ['serve'])
    const url = await server.url()
    const made = await command(folder.path, ['class', 'create', 'Data', 'science'])
    const [id, code] = made.out.trim().split('\t')
    const body = { code, install: '0190f0a0-0000-7000-8000-000000000001', name: 'Bob' }
    expect((await ask(`${url}/api/v2/join`, { body })).json.class).toEqual({ id, name: 'Data science' })
    expect((await command(folder.path, ['class', 'list'])).out).toBe(`${id}\tData science\t${code}\t1 students\n`)
  })

  it('AUT-11 keeps the staff from a terminal beside a running server', async () => {
    using folder = temporaryFolder()
    await using server = lectern(folder.path, ['serve'])
    const url = await server.url()
    const user = (...args: string[]) => command(folder.path, ['user', ...args])
    const enter = (link: string | undefined) => ask(`${url}/api/v2/session`, { body: { link } })
    const linkIn = ({ out }: { out: string }) => /#\/welcome\?link=([\w-]+)/.exec(out)?.[1]
    const invited = await enter(linkIn(await user('invite', 'grace@x.org', 'instructor', 'Grace', 'Hopper')))
    expect(invited.json.user).toMatchObject({ name: 'Grace Hopper', role: 'instructor' })
    expect((await user('list')).out).toContain('grace@x.org\tGrace Hopper\tinstructor\thas not set up the account')
    const cookie = cookieOf(invited)
    const isIn = async () => (await ask(`${url}/api/v2/session`, { cookie })).status
    const recovered = linkIn(await user('recover', 'grace@x.org'))
    expect(await isIn()).toBe(200)
    expect((await enter(recovered)).status).toBe(200)
    expect((await user('recover', 'grace@x.org', '--end-sessions')).code).toBe(0)
    expect(await isIn()).toBe(401)
    const last = linkIn(await user('recover', 'grace@x.org'))
    expect((await user('disable', 'grace@x.org')).code).toBe(0)
    expect((await user('list')).out).toContain('instructor\tdisabled')
    expect((await enter(last)).json.code).toBe('link_invalid')
    expect((await user('enable', 'grace@x.org')).code).toBe(0)
    expect((await user('recover', 'nobody@x.org')).code).toBe(1)
    expect((await user('invite', 'grace@x.org', 'member', 'Again')).code).toBe(1)
    expect((await user('invite', 'alan@x.org', 'king', 'Alan')).code).toBe(2)
    const { entries } = (await ask(`${url}/api/v2/system/audit?limit=200`, { token: ADMIN_TOKEN })).json
    const done = entries.map(({ action }: { action: string }) => action)
    expect(done.filter((action: string) => /^(person|recovery)_/.test(action))).toHaveLength(6)
  }, 60_000)

  it('LOG-1 LOG-2 copies its data while it runs; the copy checks out and goes back, and damage to it is found', async () => {
    using folder = temporaryFolder()
    const copy = join(folder.path, 'copy')
    {
      await using server = lectern(folder.path, ['serve'])
      const url = await server.url()
      const [, code] = (await command(folder.path, ['class', 'create', 'K'])).out.trim().split('\t')
      const install = '0190f0a0-0000-7000-8000-000000000001'
      const { token } = (await ask(`${url}/api/v2/join`, { body: { code, install, name: 'Bob' } })).json
      const events = Array.from({ length: 30 }, (_, index) => ({
        id: `0190f0a0-0000-7000-8000-${String(index).padStart(12, '0')}`,
        install,
        seq: index + 1,
        type: 'presence',
        at: new Date().toISOString(),
        data: { focus: true },
      }))
      expect((await ask(`${url}/api/v2/events`, { token, body: { events } })).json.ackedThrough).toBe(30)
      expect(await command(folder.path, ['backup', copy])).toMatchObject({ code: 0, err: '' })
      expect(await command(folder.path, ['backup', copy])).toMatchObject({ code: 1 })
      expect((await command(folder.path, ['verify'])).out).toContain('30 events of 1 classes')
      // Not under a running server.
      expect(await command(folder.path, ['restore', copy])).toMatchObject({ code: 1 })
      const more = events.map((event, index) => ({
        ...event,
        id: event.id.replace('7000', '7001'),
        seq: 31 + index,
      }))
      expect((await ask(`${url}/api/v2/events`, { token, body: { events: more } })).json.ackedThrough).toBe(60)
    }
    const checked = await command(folder.path, ['verify', copy])
    expect(checked).toMatchObject({ code: 0 })
    expect(checked.out).toContain('30 events of 1 classes')

    const restored = await command(folder.path, ['restore', copy])
    expect(restored).toMatchObject({ code: 0 })
    expect((await command(folder.path, ['verify'])).out).toContain('30 events of 1 classes')
    const [, aside = ''] = /is in (.*)\./.exec(restored.out) ?? []
    expect((await command(folder.path, ['verify', aside])).out).toContain('60 events of 1 classes')

    const damaged = openSqliteDatabase(join(copy, 'log.db'))
    damaged.prepare('DELETE FROM events WHERE seq = 7').run([])
    damaged.close()
    const gap = await command(folder.path, ['verify', copy])
    expect(gap.code).toBe(1)
    expect(gap.err).toContain('should have the offsets 1 to 30, but has 29 events')
    expect(await command(folder.path, ['restore', copy])).toMatchObject({ code: 1 })
    expect((await command(folder.path, ['verify'])).out).toContain('30 events of 1 classes')
    writeFileSync(join(copy, 'people.db'), readFileSync(join(copy, 'people.db')).fill(0x55, 4096, 12_000))
    expect(await command(folder.path, ['verify', copy])).toMatchObject({ code: 1 })
    expect(await command(folder.path, ['verify', join(folder.path, 'none')])).toMatchObject({ code: 1 })
  })

  it('PRI-1 goes back on another machine with the keys that were copied apart, and not without them', async () => {
    using folder = temporaryFolder()
    using elsewhere = temporaryFolder()
    const copy = join(folder.path, 'copy')
    const keys = join(folder.path, 'keys')
    const names = async (path: string) => {
      await using server = lectern(path, ['serve'])
      const url = await server.url()
      const [one] = (await ask(`${url}/api/v2/classes`, { token: ADMIN_TOKEN })).json.classes
      const { students } = (await ask(`${url}/api/v2/classes/${one.id}/students`, { token: ADMIN_TOKEN })).json
      return students.map(({ name }: { name: string }) => name)
    }
    {
      await using server = lectern(folder.path, ['serve'])
      const url = await server.url()
      const [, code] = (await command(folder.path, ['class', 'create', 'K'])).out.trim().split('\t')
      const install = '0190f0a0-0000-7000-8000-000000000001'
      await ask(`${url}/api/v2/join`, { body: { code, install, name: 'Bob' } })
      expect((await command(folder.path, ['backup', copy])).out).toContain('The keys are not copied')
      expect(readdirSync(copy).toSorted()).toEqual(['audit.db', 'log.db', 'people.db'])
      // The newest copy of the keys takes the place of the one before.
      for (const again of ['a', 'b']) {
        const to = join(folder.path, again)
        expect((await command(folder.path, ['backup', to, '--keys', keys])).code).toBe(0)
      }
      expect(readdirSync(keys).toSorted()).toEqual(['keys.db', 'server.key'])
    }
    const without = await command(elsewhere.path, ['restore', copy])
    expect([without.code, without.err]).toEqual([1, expect.stringContaining('--keys')])
    expect((await command(elsewhere.path, ['restore', copy, '--keys', keys])).code).toBe(0)
    expect(await names(elsewhere.path)).toEqual(['Bob'])
    expect((await command(elsewhere.path, ['restore', copy, '--key', keys])).code).toBe(2)
  }, 60_000)

  it("PRI-1 changes the server's key while no server runs, and finds and reads everything as before", async () => {
    using folder = temporaryFolder()
    const renew = () => command(folder.path, ['keys', 'renew'])
    const keyOf = () => readFileSync(join(folder.path, 'server.key'), 'utf8')
    expect(await renew()).toMatchObject({ code: 1, err: expect.stringContaining('there are no keys yet') })
    const made = await command(folder.path, ['class', 'create', 'Keys'])
    const [, code] = made.out.trim().split('\t')
    const join1 = { code, install: '0190f0a0-0000-7000-8000-000000000001', name: 'Bob', email: 'bob@x.org' }
    const joinAt = async (url: string, install: string) =>
      (await ask(`${url}/api/v2/join`, { body: { ...join1, install } })).json.student as string
    let student = ''
    {
      await using server = lectern(folder.path, ['serve'])
      student = await joinAt(await server.url(), join1.install)
      expect(await renew()).toMatchObject({ code: 1, err: expect.stringContaining('Another Lectern server') })
    }
    const before = keyOf()
    expect(await renew()).toMatchObject({ code: 0, out: expect.stringContaining('Copy the keys anew') })
    expect(keyOf()).not.toBe(before)
    await using server = lectern(folder.path, ['serve'])
    // The address is found by a keyed hash, the name is opened.
    expect(await joinAt(await server.url(), '0190f0a0-0000-7000-8000-000000000002')).toBe(student)
    const classes = await ask(`${await server.url()}/api/v2/classes`, { token: ADMIN_TOKEN })
    const roster = `${await server.url()}/api/v2/classes/${classes.json.classes[0].id}/students`
    expect((await ask(roster, { token: ADMIN_TOKEN })).json.students).toMatchObject([
      { name: 'Bob', email: 'bob@x.org' },
    ])
  }, 60_000)
})
