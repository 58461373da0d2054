import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { PICTURES } from '@lectern/protocol'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADMIN_TOKEN, ask, startServer, temporaryFolder, type TestServer } from './harness.ts'

let folder: ReturnType<typeof temporaryFolder>
let server: TestServer

beforeAll(async () => {
  folder = temporaryFolder()
  server = await startServer(folder.path)
})
afterAll(async () => {
  await server.app.stop()
  folder[Symbol.dispose]()
})

const red = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 200, g: 30, b: 30 } } })

const put = (classId: string, bytes: Uint8Array, type = 'image/png') =>
  server.staff(`/api/v2/classes/${classId}/plan`, { method: 'PUT', body: bytes, headers: { 'content-type': type } })

async function fetched(classId: string) {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` }
  const answer = await fetch(`${server.url}/api/v2/classes/${classId}/plan`, { headers })
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) }
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.byteLength)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

/** A small file that says it holds a huge picture. */
function bomb(side: number): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(side, 0)
  head.writeUInt32BE(side, 4)
  head.set([8, 0, 0, 0, 0], 8)
  const data = deflateSync(Buffer.alloc(side * 1000), { level: 9 })
  const begin = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([begin, chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))])
}

const SCRIPT = '<script>alert(1)</script>'
const SVG = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">${SCRIPT}</svg>`)

describe('the picture of the room', () => {
  it('PLN-1 PLN-3 is made anew, smaller and upright, and shown without any power', async () => {
    const { id } = await server.makeClass()
    expect((await fetched(id)).status).toBe(404)
    const wide = await put(id, await red(3000, 1000).png().toBuffer())
    expect(wide).toMatchObject({ status: 200, json: { width: 2560, height: 853 } })
    // Lies on its side, as cameras write it.
    const lying = await red(40, 20).withMetadata({ orientation: 6 }).jpeg().toBuffer()
    expect((await put(id, lying, 'image/jpeg')).json).toMatchObject({ width: 20, height: 40 })
    const webp = await put(id, await red(30, 30).webp().toBuffer(), 'image/webp; charset=binary')
    const { status, headers, bytes } = await fetched(id)
    expect(status).toBe(200)
    expect(bytes.byteLength).toBe(webp.json.bytes)
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'webp', width: 30, height: 30 })
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'image/webp',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
    })
    // Nothing of what was sent is left.
    expect(readdirSync(join(folder.path, 'uploads'))).toEqual([])
    expect((await server.staff(`/api/v2/classes/${id}/plan`, { method: 'DELETE' })).status).toBe(204)
    expect((await fetched(id)).status).toBe(404)
  })

  it('PLN-1 leaves places, cameras, animation and hidden text behind', async () => {
    const { id } = await server.makeClass()
    const GPSLatitude = '35/1 40/1 0/1'
    const exif = { IFD0: { Make: 'Canary' }, IFD3: { GPSLatitude, GPSLatitudeRef: 'N' } }
    const photo = await red(64, 64).withExif(exif).jpeg().toBuffer()
    expect((await sharp(photo).metadata()).exif).toBeDefined()
    expect(photo.includes('Canary')).toBe(true)
    const polyglot = Buffer.concat([photo, Buffer.from(SCRIPT)])
    expect((await put(id, polyglot, 'image/jpeg')).status).toBe(200)
    const kept = (await fetched(id)).bytes
    expect((await sharp(kept).metadata()).exif).toBeUndefined()
    expect(kept.includes('Canary') || kept.includes('script')).toBe(false)

    const frames = Buffer.concat([...Array(2)].map((_, frame) => Buffer.alloc(8 * 8 * 3, frame * 200)))
    const raw = { width: 8, height: 16, channels: 3, pageHeight: 8 } as const
    const moving = await sharp(frames, { raw })
      .webp({ loop: 0, delay: [100, 100] })
      .toBuffer()
    expect((await sharp(moving, { pages: -1 }).metadata()).pages).toBe(2)
    expect((await put(id, moving, 'image/webp')).json).toMatchObject({ width: 8, height: 8 })
    expect((await sharp((await fetched(id)).bytes, { pages: -1 }).metadata()).pages).toBeUndefined()
  })

  it('PLN-2 refuses what is no picture that it takes, and keeps the one that was there', async () => {
    const { id } = await server.makeClass()
    const good = await red(16, 16).png().toBuffer()
    expect((await put(id, good)).status).toBe(200)
    const before = (await fetched(id)).bytes
    const noise = Buffer.from(Array.from({ length: 300 * 300 * 3 }, (_, index) => (index * 7919) % 251))
    const whole = await sharp(noise, { raw: { width: 300, height: 300, channels: 3 } })
      .png()
      .toBuffer()
    const cases: [what: string, bytes: Uint8Array, type: string, status: number, code: string][] = [
      ['SVG by its name', SVG, 'image/svg+xml', 415, 'unsupported_media'],
      ['SVG as PNG', SVG, 'image/png', 415, 'unsupported_media'],
      ['SVG behind the beginning of a PNG', Buffer.concat([good.subarray(0, 8), SVG]), 'image/png', 400, 'bad_request'],
      ['PNG as JPEG', good, 'image/jpeg', 415, 'unsupported_media'],
      ['GIF', await red(4, 4).gif().toBuffer(), 'image/gif', 415, 'unsupported_media'],
      ['text', Buffer.from('no picture'), 'image/webp', 415, 'unsupported_media'],
      ['nothing', Buffer.alloc(0), 'image/png', 415, 'unsupported_media'],
      ['half a PNG', whole.subarray(0, whole.byteLength / 2), 'image/png', 400, 'bad_request'],
      ['900 million pixels', bomb(30_000), 'image/png', 413, 'too_large'],
      ['a byte too many', Buffer.alloc(PICTURES.bytes + 1), 'image/png', 413, 'too_large'],
    ]
    for (const [what, bytes, type, status, code] of cases) {
      const answer = await put(id, bytes, type)
      expect([what, answer.status, answer.json?.code]).toEqual([what, status, code])
    }
    expect((await fetched(id)).bytes.equals(before)).toBe(true)
    expect(readdirSync(join(folder.path, 'uploads'))).toEqual([])
    // A picture that is refused is the sender's fault: no job is dead for it.
    expect((await server.staff('/api/v2/system/jobs')).json.counts.dead).toBe(0)
  }, 30_000)

  it('PLN-1 is for those who may change the class, and no job that is started by hand', async () => {
    const { id, code } = await server.makeClass()
    const { token } = await server.join(code)
    const path = `${server.url}/api/v2/classes/${id}/plan`
    const png = await red(4, 4).png().toBuffer()
    const headers = { 'content-type': 'image/png' }
    expect((await ask(path, { method: 'PUT', body: png, headers })).status).toBe(401)
    expect((await ask(path, { method: 'PUT', body: png, headers, token })).status).toBe(403)
    const byHand = await server.staff('/api/v2/system/jobs', { body: { kind: 'image', class: id } })
    expect(byHand.json.code).toBe('bad_request')
    expect((await server.staff('/api/v2/system/jobs')).json.kinds.map(({ kind }: any) => kind)).not.toContain('image')
  })
})

it('PLN-1 keeps the picture over a restart, and forgets uploads that nobody waits for', async () => {
  using own = temporaryFolder()
  let id = ''
  {
    await using first = await startServer(own.path)
    id = (await first.makeClass()).id
    const body = await red(12, 12).png().toBuffer()
    const headers = { 'content-type': 'image/png' }
    await first.staff(`/api/v2/classes/${id}/plan`, { method: 'PUT', body, headers })
  }
  const left = join(own.path, 'uploads', 'abandoned')
  writeFileSync(left, 'x')
  await using again = await startServer(own.path)
  expect((await again.staff(`/api/v2/classes/${id}/plan`)).status).toBe(200)
  expect(existsSync(left)).toBe(false)
})
