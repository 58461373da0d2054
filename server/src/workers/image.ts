import type { ErrorCode } from '@lectern/protocol'
import sharp from 'sharp'

const MOST_PIXELS = 40_000_000
/** Longest side of what comes out, pixels. */
const MOST_SIDE = 2560
const QUALITY = 80
const WITHIN_SECONDS = 20

// Whatever a picture says it is, no other reader is ever given it: SVG, PDF and the like can refer to files and other hosts.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['VipsForeignLoadPngBuffer', 'VipsForeignLoadJpegBuffer', 'VipsForeignLoadWebpBuffer'],
})
sharp.cache(false)
// One core: the others are for the class.
sharp.concurrency(1)

/** A picture made anew, or why it was refused. */
export type Reencoded =
  | { ok: true; width: number; height: number; bytes: Buffer }
  | { ok: false; code: ErrorCode; detail: string }

const refused = (code: ErrorCode, detail: string): Reencoded => ({ ok: false, code, detail })

const BEGINNINGS = [
  { type: 'image/png', at: 0, bytes: Buffer.from('89504e470d0a1a0a', 'hex') },
  { type: 'image/jpeg', at: 0, bytes: Buffer.from('ffd8ff', 'hex') },
  { type: 'image/webp', at: 8, bytes: Buffer.from('WEBP', 'latin1') },
] as const

/** What bytes are by how they begin. */
function typeOf(source: Buffer): string | undefined {
  return BEGINNINGS.find(({ at, bytes }) => source.subarray(at, at + bytes.length).equals(bytes))?.type
}

/**
 * Makes a picture anew, as WebP of at most 2560 pixels a side, upright: metadata, animation and whatever else was in the file
 * are left behind. PNG, JPEG and WebP are taken, up to 40 million pixels.
 */
export async function reencode(source: Buffer, type: string): Promise<Reencoded> {
  if (typeOf(source) !== type) return refused('unsupported_media', `These bytes are no ${type}.`)
  try {
    // Only the head of the file: nothing is unpacked before its size is known.
    const { width, height } = await sharp(source, { limitInputPixels: false }).metadata()
    if (width * height > MOST_PIXELS) {
      return refused('too_large', `The picture has ${width} x ${height} pixels; ${MOST_PIXELS} in all are taken.`)
    }
    const { data, info } = await sharp(source, { limitInputPixels: MOST_PIXELS, failOn: 'error', pages: 1 })
      .timeout({ seconds: WITHIN_SECONDS })
      .autoOrient()
      .resize({ width: MOST_SIDE, height: MOST_SIDE, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: QUALITY })
      .toBuffer({ resolveWithObject: true })
    return { ok: true, width: info.width, height: info.height, bytes: data }
  } catch {
    return refused('bad_request', 'The picture is broken or not whole.')
  }
}
